import { Module } from '@nestjs/common';
import { PLATFORM_PARTS } from '../platform-parts.token.js';
import type { PlatformParts } from '../platform-parts.js';
import { ConfigGrpcController } from './config.grpc.controller.js';
import { GrpcCalls } from './grpc-calls.js';
import { RegistryGrpcController } from './registry.grpc.controller.js';

/** gRPC. What it works with comes from the parts of the platform. */
@Module({
  controllers: [ConfigGrpcController, RegistryGrpcController],
  providers: [
    {
      provide: GrpcCalls,
      inject: [PLATFORM_PARTS],
      useFactory: (parts: PlatformParts) => new GrpcCalls(parts),
    },
  ],
})
export class GrpcModule {}
