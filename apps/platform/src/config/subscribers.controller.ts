import type { Scope } from '@corral/live-config';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { Ensemble } from '../ensemble/ensemble.js';
import { NamePipe } from '../input/names.js';
import { Answers } from '../openapi/answers.js';
import { Requires } from '../security/requires.decorator.js';
import { type SubscriberList, subscriberList } from './answers/subscriber.answers.js';
import { ApiScope, SCOPE_PATH } from './api-scope.decorator.js';
import { ConfigService } from './config-service.js';
import { AcknowledgementDto } from './dto/acknowledgement.dto.js';
import { acknowledgementOf } from './hosted-watch.js';
import { ScopeParam, targetOfScope } from './scope.decorator.js';

/** Who runs with an application's configuration, and how those report that are no Node programs. */
@ApiScope()
@Controller(`${SCOPE_PATH}/subscribers`)
export class SubscribersController {
  constructor(
    @Inject(ConfigService) private readonly config: ConfigService,
    @Inject(Ensemble) private readonly ensemble: Ensemble,
  ) {}

  @Get()
  @Requires('reader', 'namespace')
  @ApiOperation({ summary: 'The live subscribers, what each runs with, and who lags behind the current release' })
  @Answers(200, subscriberList, 'Subscribers')
  async list(@ScopeParam() scope: Scope): Promise<SubscriberList> {
    const signal = this.ensemble.deadline();
    const target = targetOfScope(scope);
    const [status, subscribers] = await Promise.all([
      this.config.store.status(target, { signal }),
      this.config.store.subscribers(target, { signal }),
    ]);
    const { release, rollout } = status;
    const expected = new Set([release, rollout?.release]);
    return { release, subscribers: subscribers.map((one) => ({ ...one, lags: !expected.has(one.release) })) };
  }

  @Post(':instance/acknowledgement')
  @HttpCode(204)
  @Requires('reader', 'namespace')
  @ApiOperation({
    summary: 'Say that a release is in force at an instance, or why not; for those who watch or poll with acknowledge',
  })
  @ApiParam({ name: 'instance', schema: { type: 'string' }, example: 'pricing-1' })
  @ApiNoContentResponse({ description: 'It is known now; whoever waits for the release is told' })
  acknowledge(
    @ScopeParam() scope: Scope,
    @Param('instance', new NamePipe('instance')) instance: string,
    @Body() { revision, error, profiles = [] }: AcknowledgementDto,
  ): Promise<void> {
    const target = { ...targetOfScope(scope), profiles };
    return this.ensemble.within(this.config.hosted.acknowledge(target, instance, acknowledgementOf(revision, error)));
  }
}
