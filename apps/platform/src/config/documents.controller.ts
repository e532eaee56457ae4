import type { Scope, StoredDocument } from '@corral/live-config';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Ensemble } from '../ensemble/ensemble.js';
import { NamePipe } from '../input/names.js';
import { Answers } from '../openapi/answers.js';
import { Requires } from '../security/requires.decorator.js';
import { type DocumentList, documentList, storedDocument } from './answers/document.answers.js';
import { ApiScope, SCOPE_PATH } from './api-scope.decorator.js';
import { ConfigService } from './config-service.js';
import { DocumentQuery, ReleaseQuery } from './dto/queries.js';
import { ScopeParam } from './scope.decorator.js';

/** Documents as they were released. */
@ApiScope()
@Controller(`${SCOPE_PATH}/documents`)
export class DocumentsController {
  constructor(
    @Inject(ConfigService) private readonly config: ConfigService,
    @Inject(Ensemble) private readonly ensemble: Ensemble,
  ) {}

  @Get()
  @Requires('reader', 'namespace')
  @ApiOperation({ summary: 'The documents of a release, without their contents' })
  @Answers(200, documentList, 'All profiles together')
  async list(@ScopeParam() scope: Scope, @Query() { release }: ReleaseQuery): Promise<DocumentList> {
    return { documents: await this.config.store.listDocuments(scope, { release, signal: this.ensemble.deadline() }) };
  }

  @Get(':name')
  @Requires('reader', 'namespace')
  @ApiOperation({ summary: 'One document; encrypted values are shown as they are at rest' })
  @Answers(200, storedDocument, 'The document')
  read(
    @ScopeParam() scope: Scope,
    @Param('name', new NamePipe('name')) name: string,
    @Query() { profile, release }: DocumentQuery,
  ): Promise<StoredDocument> {
    return this.config.store.getDocument(scope, { profile, name }, { release, signal: this.ensemble.deadline() });
  }
}
