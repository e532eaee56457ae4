import { Module } from '@nestjs/common';
import { DocumentsController } from './documents.controller.js';
import { EffectiveController } from './effective.controller.js';
import { NamespacesController } from './namespaces.controller.js';
import { ReleasesController } from './releases.controller.js';
import { RolloutsController } from './rollouts.controller.js';
import { SchemasController } from './schemas.controller.js';
import { SpringController } from './spring.controller.js';
import { SubscribersController } from './subscribers.controller.js';

/** Live configuration over HTTP. What it works with comes from the parts of the platform. */
@Module({
  controllers: [
    NamespacesController,
    DocumentsController,
    ReleasesController,
    RolloutsController,
    SchemasController,
    SubscribersController,
    SpringController,
    EffectiveController,
  ],
})
export class ConfigHttpModule {}
