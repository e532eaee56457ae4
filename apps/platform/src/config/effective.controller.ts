import type { Hosting, Scope } from '@corral/live-config';
import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Ensemble } from '../ensemble/ensemble.js';
import type { HttpReply, HttpRequest } from '../http/exchange.js';
import { waitMsOf } from '../input/long-poll.query.js';
import { AnswersEvents, AnswersState } from '../openapi/answers.js';
import { Requires } from '../security/requires.decorator.js';
import { lastSeenBy, sendEvents } from '../streams/event-stream.js';
import { waitForChange } from '../streams/long-poll.js';
import { OpenStreams } from '../streams/open-streams.js';
import { sendState } from '../streams/send-state.js';
import { configEvents, effective } from './answers/document.answers.js';
import { ApiScope, SCOPE_PATH } from './api-scope.decorator.js';
import { ConfigService } from './config-service.js';
import { ConfigFeeds, type FeedTarget } from './config-feeds.js';
import { EffectiveQuery } from './dto/queries.js';
import { hostWatcher, POLLER_LINGER_MS, resumeFrom } from './hosted-watch.js';
import { ScopeParam, targetOfScope } from './scope.decorator.js';

/** What an instance of an application sees: all levels merged, now and whenever it changes. */
@ApiScope()
@Controller(SCOPE_PATH)
export class EffectiveController {
  constructor(
    @Inject(ConfigFeeds) private readonly feeds: ConfigFeeds,
    @Inject(Ensemble) private readonly ensemble: Ensemble,
    @Inject(OpenStreams) private readonly streams: OpenStreams,
    @Inject(ConfigService) private readonly config: ConfigService,
  ) {}

  @Get('effective')
  @Requires('reader', 'namespace')
  @ApiOperation({ summary: 'The configuration that an instance sees; with index, a long poll for the next one' })
  @AnswersState(effective, 'Merged values and documents')
  async effective(@ScopeParam() scope: Scope, @Query() query: EffectiveQuery, @Res() reply: HttpReply): Promise<void> {
    const { index } = query;
    const hosting = await this.#host(scope, query, index !== undefined);
    try {
      await this.feeds.during(targetOf(scope, query), this.ensemble.deadline(), async (feed) => {
        if (index !== undefined) await waitForChange(feed, { index, waitMs: waitMsOf(query) }, reply, this.streams);
        const event = feed.event;
        if (event !== undefined) sendState(reply, event, this.ensemble.isConnected);
      });
    } finally {
      hosting?.end(POLLER_LINGER_MS);
    }
  }

  @Get('watch')
  @Requires('reader', 'namespace')
  @ApiOperation({ summary: 'Server-sent events: the configuration now (event: config), then every new one' })
  @AnswersEvents(configEvents, 'The configuration, and every new one for as long as the stream is open')
  async watch(
    @ScopeParam() scope: Scope,
    @Query() query: EffectiveQuery,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const hosting = await this.#host(scope, query, true);
    const lastSeen = lastSeenBy(request) ?? query.index;
    const from = hosting === undefined ? lastSeen : resumeFrom(hosting, lastSeen);
    try {
      await this.feeds.during(targetOf(scope, query), this.ensemble.deadline(), (feed) =>
        sendEvents(feed, { reply, streams: this.streams, from, until: hosting?.lost }),
      );
    } finally {
      hosting?.end();
    }
  }

  async #host(scope: Scope, query: EffectiveQuery, isStream: boolean): Promise<Hosting | undefined> {
    if (query.acknowledge !== true) return undefined;
    // Who cannot be let in does not become a subscriber either.
    if (isStream) this.streams.checkRoom();
    return this.ensemble.within(hostWatcher(this.config.hosted, targetOf(scope, query), 'query.instance'));
  }
}

function targetOf(scope: Scope, { profiles, instance, labels }: EffectiveQuery): FeedTarget {
  return {
    ...targetOfScope(scope),
    profiles: profiles ?? [],
    instanceId: instance,
    labels: Object.fromEntries((labels ?? []).map(splitLabel)),
  };
}

function splitLabel(label: string): [string, string] {
  const colon = label.indexOf(':');
  return [label.slice(0, colon), label.slice(colon + 1)];
}
