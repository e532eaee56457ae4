import { type DynamicModule, Module } from '@nestjs/common';
import { CommandsController } from './admin/commands.controller.js';
import { HealthController } from './admin/health.controller.js';
import { MetricsController } from './admin/metrics.controller.js';
import { OverviewController } from './admin/overview.controller.js';
import { COORDINATOR, type Coordinator } from './server/coordinator.js';

/** The admin HTTP around a coordinator. The coordinator itself is a plain object that comes from outside. */
@Module({})
export class CoordinatorModule {
  static around(coordinator: Coordinator): DynamicModule {
    return {
      module: CoordinatorModule,
      controllers: [OverviewController, CommandsController, HealthController, MetricsController],
      providers: [{ provide: COORDINATOR, useValue: coordinator }],
    };
  }
}
