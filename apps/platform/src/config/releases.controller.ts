import type { AcknowledgementReport, ReleaseDiff, ReleaseInfo, ReleaseResult, Scope } from '@corral/live-config';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Ensemble } from '../ensemble/ensemble.js';
import type { HttpRequest } from '../http/exchange.js';
import { NumberPipe } from '../input/names.js';
import { Answers } from '../openapi/answers.js';
import { Requires } from '../security/requires.decorator.js';
import { releaseDiff } from './answers/document.answers.js';
import {
  acknowledgementReport,
  releaseInfo,
  type ReleaseList,
  releaseList,
  releaseResult,
} from './answers/release.answers.js';
import { ApiScope, SCOPE_PATH } from './api-scope.decorator.js';
import { ConfigService } from './config-service.js';
import { PublishDto } from './dto/publish.dto.js';
import { DiffQuery, HistoryQuery } from './dto/queries.js';
import { RollbackDto } from './dto/rollback.dto.js';
import { ScopeParam } from './scope.decorator.js';

/** Releases: making them, looking at them, going back to one. */
@ApiScope()
@Controller(SCOPE_PATH)
export class ReleasesController {
  constructor(
    @Inject(ConfigService) private readonly config: ConfigService,
    @Inject(Ensemble) private readonly ensemble: Ensemble,
  ) {}

  @Post('releases')
  @Requires('writer', 'namespace')
  @ApiOperation({
    summary: 'Publish: all changes at once, or none; with wait, answers when subscribers have applied them',
  })
  @Answers(201, releaseResult, 'The release, and who has acknowledged it when that was waited for')
  publish(
    @ScopeParam() scope: Scope,
    @Body() input: PublishDto,
    @Req() { caller }: HttpRequest,
  ): Promise<ReleaseResult> {
    return this.config.publish(scope, input, caller);
  }

  @Get('releases')
  @Requires('reader', 'namespace')
  @ApiOperation({ summary: 'The history, newest first' })
  @Answers(200, releaseList, 'Releases without contents')
  async history(@ScopeParam() scope: Scope, @Query() query: HistoryQuery): Promise<ReleaseList> {
    return { releases: await this.config.store.history(scope, { ...query, signal: this.ensemble.deadline() }) };
  }

  @Get('releases/:release')
  @Requires('reader', 'namespace')
  @ApiOperation({ summary: 'One release: who, when, why and what' })
  @Answers(200, releaseInfo, 'The release')
  release(
    @ScopeParam() scope: Scope,
    @Param('release', new NumberPipe('release')) release: number,
  ): Promise<ReleaseInfo> {
    return this.config.store.release(scope, release, { signal: this.ensemble.deadline() });
  }

  @Get('releases/:release/acknowledgement')
  @Requires('reader', 'namespace')
  @ApiOperation({ summary: 'Which live subscribers have applied a release, who lags and who refused it' })
  @Answers(200, acknowledgementReport, 'Counts and names')
  acknowledgement(
    @ScopeParam() scope: Scope,
    @Param('release', new NumberPipe('release')) release: number,
  ): Promise<AcknowledgementReport> {
    return this.config.store.acknowledgement(scope, release, { signal: this.ensemble.deadline() });
  }

  @Post('releases/:release/rollback')
  @HttpCode(201)
  @Requires('writer', 'namespace')
  @ApiOperation({ summary: 'Release once more what an earlier release was' })
  @Answers(201, releaseResult, 'The new release')
  rollback(
    @ScopeParam() scope: Scope,
    @Param('release', new NumberPipe('release')) release: number,
    @Body() input: RollbackDto,
    @Req() { caller }: HttpRequest,
  ): Promise<ReleaseResult> {
    return this.config.rollback(scope, release, input, caller);
  }

  @Get('diff')
  @Requires('reader', 'namespace')
  @ApiOperation({ summary: 'What differs between two releases' })
  @Answers(200, releaseDiff, 'By document')
  diff(@ScopeParam() scope: Scope, @Query() { from, to }: DiffQuery): Promise<ReleaseDiff> {
    return this.config.store.diff(scope, from, to, { signal: this.ensemble.deadline() });
  }
}
