import type { Metadata, ServerDuplexStream, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { Controller, Inject, UseFilters } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import { Ensemble } from '../ensemble/ensemble.js';
import { filterInstances } from '../registry/instance-list.js';
import { RegistryFeeds } from '../registry/registry-feeds.js';
import { RegistryService } from '../registry/registry-service.js';
import { OpenStreams } from '../streams/open-streams.js';
import { GrpcCalls } from './grpc-calls.js';
import { GrpcProblemFilter } from './grpc-problem.filter.js';
import { serveRegistration } from './registration-stream.js';
import { instanceMessage, watchResponseOf } from './registry-messages.js';
import { HeartbeatInput, ListInput, ServiceWatchInput } from './registry.input.js';
import { streamMessages } from './stream-messages.js';

const SERVICE = 'corral.registry.v1.Registry';

/** The registry over gRPC. */
@Controller()
@UseFilters(GrpcProblemFilter)
export class RegistryGrpcController {
  constructor(
    @Inject(GrpcCalls) readonly calls: GrpcCalls,
    @Inject(RegistryService) readonly registry: RegistryService,
    @Inject(RegistryFeeds) private readonly feeds: RegistryFeeds,
    @Inject(Ensemble) private readonly ensemble: Ensemble,
    @Inject(OpenStreams) readonly streams: OpenStreams,
  ) {}

  @GrpcStreamCall(SERVICE, 'Register')
  register(call: ServerDuplexStream<object, object>): void {
    this.calls.serve('registry.Register', call, serveRegistration(call, this));
  }

  @GrpcMethod(SERVICE, 'Heartbeat')
  heartbeat(message: object, _metadata: Metadata, call: ServerUnaryCall<object, object>): Promise<object> {
    return this.calls.run('registry.Heartbeat', call, async () => {
      const { service, id } = this.calls.input(HeartbeatInput, message);
      this.calls.admit(call, 'writer', { kind: 'service', service });
      const { ttlMs } = await this.registry.heartbeat(this.feeds, service, id);
      return { ttlMs };
    });
  }

  @GrpcMethod(SERVICE, 'List')
  list(message: object, _metadata: Metadata, call: ServerUnaryCall<object, object>): Promise<object> {
    return this.calls.run('registry.List', call, async () => {
      const { service, ...filter } = this.calls.input(ListInput, message);
      this.calls.admit(call, 'reader', { kind: 'service', service });
      return this.feeds.during(service, this.ensemble.deadline(), async ({ state }) => {
        if (state === undefined) return {};
        const { revision, guarded, stale } = state;
        const instances = filterInstances(state, filter).map(instanceMessage);
        return { revision, guarded, instances, stale: stale || !this.ensemble.isConnected };
      });
    });
  }

  @GrpcMethod(SERVICE, 'Watch')
  watch(message: object, _metadata: Metadata, call: ServerWritableStream<object, object>): Observable<object> {
    return streamMessages(
      async (stream, follow) => {
        const { service } = this.calls.input(ServiceWatchInput, message);
        stream.isFor(this.calls.admit(call, 'reader', { kind: 'service', service }));
        await this.feeds.during(service, this.ensemble.deadline(), follow);
      },
      {
        streams: this.streams,
        call,
        from: (message as ServiceWatchInput).revision || undefined,
        message: watchResponseOf,
        ended: () => this.calls.ended('registry.Watch', call),
        failed: (error) => this.calls.status('registry.Watch', call, error),
      },
    );
  }
}
