import type { INestApplication } from '@nestjs/common';
import type { PlatformParts } from '../platform-parts.js';
import { GrpcTransport } from './grpc-transport.js';
import { PROTO_ROOT } from './proto-root.js';

const KEEPALIVE_MS = 30_000;

/** Adds gRPC to the application and listens; resolves with the port. */
export async function connectGrpc(application: INestApplication, { config }: PlatformParts): Promise<number> {
  const host = config.grpcAddress.includes(':') ? `[${config.grpcAddress}]` : config.grpcAddress;
  const strategy = new GrpcTransport(
    {
      package: ['corral.registry.v1', 'corral.config.v1'],
      protoPath: ['corral/registry/v1/registry.proto', 'corral/config/v1/config.proto'],
      url: `${host}:${config.grpcPort}`,
      loader: { includeDirs: [PROTO_ROOT], longs: Number, defaults: true, arrays: true, objects: true },
    },
    {
      'grpc.max_receive_message_length': config.bodyBytesMax,
      // A caller that is gone without a word is noticed, and his streams end.
      'grpc.keepalive_time_ms': KEEPALIVE_MS,
      'grpc.keepalive_permit_without_calls': 1,
      'grpc.max_concurrent_streams': config.streamsMax,
    },
  );
  application.connectMicroservice({ strategy }, { inheritAppConfig: false });
  await application.startAllMicroservices();
  return strategy.port ?? config.grpcPort;
}
