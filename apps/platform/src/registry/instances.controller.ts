import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Ensemble } from '../ensemble/ensemble.js';
import { ProblemError } from '../errors/problem.js';
import type { HttpReply, HttpRequest } from '../http/exchange.js';
import { LongPollQuery, waitMsOf } from '../input/long-poll.query.js';
import { AnswersEvents, AnswersState } from '../openapi/answers.js';
import { Requires } from '../security/requires.decorator.js';
import { lastSeenBy, sendEvents } from '../streams/event-stream.js';
import { waitForChange } from '../streams/long-poll.js';
import { OpenStreams } from '../streams/open-streams.js';
import { sendState } from '../streams/send-state.js';
import { instance } from './answers/instance.answers.js';
import { instanceList, serviceEvents } from './answers/service.answers.js';
import { InstancesQuery } from './dto/instances.query.js';
import { filteredListText, isFiltered } from './instance-list.js';
import { RegistryFeeds } from './registry-feeds.js';
import { InstancePipe, ServicePipe } from './registry-names.js';
import type { ServiceFeed } from './service-feed.js';

/** The instances of a service: now, and as they come and go. All of it is answered from memory, which one watch keeps up to date. */
@ApiTags('registry')
@ApiParam({ name: 'service', schema: { type: 'string' }, example: 'pricing' })
@Controller('v1/registry/services/:service')
export class InstancesController {
  constructor(
    @Inject(RegistryFeeds) private readonly feeds: RegistryFeeds,
    @Inject(Ensemble) private readonly ensemble: Ensemble,
    @Inject(OpenStreams) private readonly streams: OpenStreams,
  ) {}

  @Get('instances')
  @Requires('reader', 'service')
  @ApiOperation({ summary: 'The instances of a service; with index, a long poll for the next change' })
  @AnswersState(instanceList, 'Instances')
  list(
    @Param('service', ServicePipe) service: string,
    @Query() query: InstancesQuery,
    @Res() reply: HttpReply,
  ): Promise<void> | void {
    const { index } = query;
    const feed = this.feeds.get(service);
    // Nearly every request: the state is there, and nobody has to wait for anything.
    if (index === undefined && feed.state !== undefined) return this.#send(reply, service, feed, query);
    return this.feeds.during(service, this.ensemble.deadline(), async (ready) => {
      if (index !== undefined) await waitForChange(ready, { index, waitMs: waitMsOf(query) }, reply, this.streams);
      this.#send(reply, service, ready, query);
    });
  }

  @Get('instances/:id')
  @Requires('reader', 'service')
  @ApiOperation({ summary: 'One instance' })
  @AnswersState(instance, 'The instance')
  one(
    @Param('service', ServicePipe) service: string,
    @Param('id', InstancePipe) id: string,
    @Res() reply: HttpReply,
  ): Promise<void> {
    return this.feeds.during(service, this.ensemble.deadline(), async ({ state }) => {
      const instance = state?.instances.get(id);
      if (state === undefined || instance === undefined) {
        throw new ProblemError('not-found', `service ${service} has no instance ${id}`);
      }
      const isCurrent = this.ensemble.isConnected && !state.stale;
      sendState(reply, { revision: state.revision, text: JSON.stringify(instance) }, isCurrent);
    });
  }

  @Get('watch')
  @Requires('reader', 'service')
  @ApiOperation({ summary: 'Server-sent events: all instances (event: full), then every change (event: delta)' })
  @AnswersEvents(serviceEvents, 'All instances, then every change for as long as the stream is open')
  watch(
    @Param('service', ServicePipe) service: string,
    @Query() { index }: LongPollQuery,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    return this.feeds.during(service, this.ensemble.deadline(), (feed) =>
      sendEvents(feed, { reply, streams: this.streams, from: lastSeenBy(request) ?? index }),
    );
  }

  #send(reply: HttpReply, service: string, { state, full }: ServiceFeed, query: InstancesQuery): void {
    if (state === undefined || full === undefined) return;
    const { revision, stale } = state;
    const text = isFiltered(query) ? filteredListText(service, state, query) : full.text;
    sendState(reply, { revision, text }, this.ensemble.isConnected && !stale);
  }
}
