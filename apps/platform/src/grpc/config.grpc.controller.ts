import type { AcknowledgementReport } from '@corral/live-config';
import { Controller, Inject, UseFilters } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import type { Metadata, ServerDuplexStream, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { ConfigFeeds } from '../config/config-feeds.js';
import { ConfigService } from '../config/config-service.js';
import type { EffectiveDocument } from '../config/effective-document.js';
import { Ensemble } from '../ensemble/ensemble.js';
import { OpenStreams } from '../streams/open-streams.js';
import { ConfigWatchInput, PublishInput, TargetInput } from './config.input.js';
import { GrpcCalls } from './grpc-calls.js';
import { GrpcProblemFilter } from './grpc-problem.filter.js';
import { streamMessages } from './stream-messages.js';
import { feedTargetOf, serveSubscription } from './subscription-stream.js';

const SERVICE = 'corral.config.v1.Config';

/** `EffectiveConfig` of config.proto. */
interface EffectiveMessage extends Omit<EffectiveDocument, 'values' | 'documents'> {
  readonly valuesJson: string;
  readonly documents: readonly { name: string; format: string; content: string }[];
  readonly stale: boolean;
}

/** Live configuration over gRPC. */
@Controller()
@UseFilters(GrpcProblemFilter)
export class ConfigGrpcController {
  constructor(
    @Inject(GrpcCalls) private readonly calls: GrpcCalls,
    @Inject(ConfigService) private readonly config: ConfigService,
    @Inject(ConfigFeeds) private readonly feeds: ConfigFeeds,
    @Inject(Ensemble) private readonly ensemble: Ensemble,
    @Inject(OpenStreams) private readonly streams: OpenStreams,
  ) {}

  @GrpcMethod(SERVICE, 'Get')
  get(message: object, _metadata: Metadata, call: ServerUnaryCall<object, object>): Promise<EffectiveMessage> {
    return this.calls.run('config.Get', call, async () => {
      const target = this.calls.input(TargetInput, message);
      this.calls.admit(call, 'reader', { kind: 'namespace', namespace: target.namespace });
      return this.feeds.during(feedTargetOf(target), this.ensemble.deadline(), async (feed) =>
        this.#messageOf(feed.event?.text ?? ''),
      );
    });
  }

  @GrpcMethod(SERVICE, 'Watch')
  watch(
    message: object,
    _metadata: Metadata,
    call: ServerWritableStream<object, object>,
  ): Observable<EffectiveMessage> {
    const failed = (error: unknown): unknown => this.calls.status('config.Watch', call, error);
    return streamMessages(
      async (stream, follow) => {
        const { target } = this.calls.input(ConfigWatchInput, message);
        stream.isFor(this.calls.admit(call, 'reader', { kind: 'namespace', namespace: target.namespace }));
        await this.feeds.during(feedTargetOf(target), this.ensemble.deadline(), follow);
      },
      {
        streams: this.streams,
        call,
        from: (message as ConfigWatchInput).revision || undefined,
        message: ({ text }) => this.#messageOf(text),
        ended: () => this.calls.ended('config.Watch', call),
        failed,
      },
    );
  }

  @GrpcStreamCall(SERVICE, 'Subscribe')
  subscribe(call: ServerDuplexStream<object, object>): void {
    const { calls, feeds, ensemble, streams } = this;
    const { hosted } = this.config;
    const message = ({ text }: { readonly text: string }): object => this.#messageOf(text);
    calls.serve(
      'config.Subscribe',
      call,
      serveSubscription(call, { calls, feeds, hosted, ensemble, streams, message }),
    );
  }

  @GrpcMethod(SERVICE, 'Publish')
  publish(message: object, _metadata: Metadata, call: ServerUnaryCall<object, object>): Promise<object> {
    return this.calls.run('config.Publish', call, async () => {
      const { namespace, application, ...input } = this.calls.input(PublishInput, message);
      const caller = this.calls.admit(call, 'writer', { kind: 'namespace', namespace });
      const { release, acknowledgement } = await this.config.publish({ namespace, application }, input, caller);
      return { release: release.release, acknowledgement: acknowledgementOf(acknowledgement) };
    });
  }

  #messageOf(text: string): EffectiveMessage {
    const { values, documents, ...revisions } = JSON.parse(text) as EffectiveDocument;
    return {
      ...revisions,
      valuesJson: JSON.stringify(values),
      documents: documents.map(({ name, format, content }) => ({ name, format, content })),
      stale: !this.ensemble.isConnected,
    };
  }
}

function acknowledgementOf(report: AcknowledgementReport | undefined): object | undefined {
  if (report === undefined) return undefined;
  const { subscribers, acknowledged, reached, lagging, failed } = report;
  const failures = failed.map(({ instanceId, error }) => ({ instance: instanceId, error }));
  return { subscribers, acknowledged, reached, lagging, failed: failures };
}
