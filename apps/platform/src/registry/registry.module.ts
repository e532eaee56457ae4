import { Module } from '@nestjs/common';
import { InstancesController } from './instances.controller.js';
import { LeasesController } from './leases.controller.js';
import { ServicesController } from './services.controller.js';

/** The registry over HTTP. What it works with comes from the parts of the platform. */
@Module({ controllers: [ServicesController, InstancesController, LeasesController] })
export class RegistryHttpModule {}
