import type { ReleaseResult, Scope } from '@corral/live-config';
import { Body, Controller, Delete, Get, Inject, Param, Put, Req } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { Ensemble } from '../ensemble/ensemble.js';
import { ProblemError } from '../errors/problem.js';
import type { HttpRequest } from '../http/exchange.js';
import { NamePipe } from '../input/names.js';
import { Answers } from '../openapi/answers.js';
import { anything } from '../openapi/schema.js';
import { Requires } from '../security/requires.decorator.js';
import { releaseResult } from './answers/release.answers.js';
import { ApiScope, SCOPE_PATH } from './api-scope.decorator.js';
import { ConfigService } from './config-service.js';
import { SchemaDto } from './dto/schema.dto.js';
import { ScopeParam } from './scope.decorator.js';

/** In the path, the schema of the merged tree; the store calls it `*`. */
const MERGED = '_merged';

class SchemaNamePipe extends NamePipe {
  override transform(name: string): string {
    return name === MERGED ? '*' : super.transform(name);
  }
}

/** A boolean is a schema, too. */
const JSON_SCHEMA = anything<unknown>('JSON Schema', {
  oneOf: [{ type: 'object', additionalProperties: true }, { type: 'boolean' }],
});

const SCHEMA_NAME = new SchemaNamePipe('name');

/** JSON Schemas that every release is held to. Changing one is a release, and is refused when the current documents do not fit. */
@ApiScope()
@ApiParam({ name: 'name', schema: { type: 'string' }, description: `A document, or ${MERGED} for the merged tree` })
@Controller(`${SCOPE_PATH}/schemas/:name`)
export class SchemasController {
  constructor(
    @Inject(ConfigService) private readonly config: ConfigService,
    @Inject(Ensemble) private readonly ensemble: Ensemble,
  ) {}

  @Get()
  @Requires('reader', 'namespace')
  @ApiOperation({ summary: 'A schema' })
  @Answers(200, JSON_SCHEMA, 'JSON Schema')
  async read(@ScopeParam() scope: Scope, @Param('name', SCHEMA_NAME) name: string): Promise<unknown> {
    const schema = await this.config.store.getSchema(scope, name, { signal: this.ensemble.deadline() });
    if (schema === undefined) throw new ProblemError('not-found', `there is no schema for ${name}`);
    return schema;
  }

  @Put()
  @Requires('admin', 'namespace')
  @ApiOperation({ summary: 'Set a schema' })
  @Answers(200, releaseResult, 'The release that has it')
  write(
    @ScopeParam() scope: Scope,
    @Param('name', SCHEMA_NAME) name: string,
    @Body() input: SchemaDto,
    @Req() { caller }: HttpRequest,
  ): Promise<ReleaseResult> {
    return this.config.setSchema(scope, name, input, caller);
  }

  @Delete()
  @Requires('admin', 'namespace')
  @ApiOperation({ summary: 'Remove a schema' })
  @Answers(200, releaseResult, 'The release without it')
  remove(
    @ScopeParam() scope: Scope,
    @Param('name', SCHEMA_NAME) name: string,
    @Req() { caller }: HttpRequest,
  ): Promise<ReleaseResult> {
    return this.config.removeSchema(scope, name, caller);
  }
}
