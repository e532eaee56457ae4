import type { Scope, ScopeStatus } from '@corral/live-config';
import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Ensemble } from '../ensemble/ensemble.js';
import { Answers } from '../openapi/answers.js';
import { Requires } from '../security/requires.decorator.js';
import { scopeStatus } from './answers/status.answers.js';
import { ApiScope, SCOPE_PATH } from './api-scope.decorator.js';
import { ConfigService } from './config-service.js';
import { AbortDto, PromoteDto } from './dto/rollout.dto.js';
import { ScopeParam } from './scope.decorator.js';

/** Gradual releases: where one stands, and the hand that promotes or ends it. */
@ApiScope()
@Controller(SCOPE_PATH)
export class RolloutsController {
  constructor(
    @Inject(ConfigService) private readonly config: ConfigService,
    @Inject(Ensemble) private readonly ensemble: Ensemble,
  ) {}

  @Get('status')
  @Requires('reader', 'namespace')
  @ApiOperation({ summary: 'The current release, and the gradual release that is on its way or was the last' })
  @Answers(200, scopeStatus, 'Where the scope stands')
  status(@ScopeParam() scope: Scope): Promise<ScopeStatus> {
    return this.config.store.status(scope, { signal: this.ensemble.deadline() });
  }

  @Post('rollout/promote')
  @HttpCode(200)
  @Requires('writer', 'namespace')
  @ApiOperation({ summary: 'Go to the next stage of the gradual release, after the last to everybody' })
  @Answers(200, scopeStatus, 'Where the scope stands now')
  promote(@ScopeParam() scope: Scope, @Body() { release, stage }: PromoteDto): Promise<ScopeStatus> {
    return this.config.store.promote(scope, { release, stage, signal: this.ensemble.deadline() });
  }

  @Post('rollout/abort')
  @HttpCode(200)
  @Requires('writer', 'namespace')
  @ApiOperation({ summary: 'End the gradual release: everybody goes back to the release before' })
  @Answers(200, scopeStatus, 'Where the scope stands now')
  abort(@ScopeParam() scope: Scope, @Body() { reason }: AbortDto): Promise<ScopeStatus> {
    return this.config.store.abort(scope, reason, { signal: this.ensemble.deadline() });
  }
}
