import type { Lease } from '@corral/registry';
import { Body, Controller, Delete, HttpCode, Inject, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Answers } from '../openapi/answers.js';
import { Requires } from '../security/requires.decorator.js';
import { type LeaseView, leaseView } from './answers/service.answers.js';
import { DrainDto, RegisterDto, UpdateInstanceDto } from './dto/register.dto.js';
import { RegistryFeeds } from './registry-feeds.js';
import { InstancePipe, ServicePipe } from './registry-names.js';
import { RegistryService } from './registry-service.js';

/** Instances that live by heartbeats, for services that speak nothing but HTTP. */
@ApiTags('registry')
@ApiParam({ name: 'service', schema: { type: 'string' }, example: 'pricing' })
@Controller('v1/registry/services/:service/instances')
export class LeasesController {
  constructor(
    @Inject(RegistryService) private readonly registry: RegistryService,
    @Inject(RegistryFeeds) private readonly feeds: RegistryFeeds,
  ) {}

  @Post()
  @Requires('writer', 'service')
  @ApiOperation({ summary: 'Register an instance; it stays while heartbeats come' })
  @Answers(201, leaseView, 'The instance and its lease')
  async register(@Param('service', ServicePipe) service: string, @Body() input: RegisterDto): Promise<LeaseView> {
    return viewOf(await this.registry.register(service, input));
  }

  @Put(':id/heartbeat')
  @Requires('writer', 'service')
  @ApiOperation({ summary: 'Keep an instance for another while; 404: it is gone, register it again' })
  @Answers(200, leaseView, 'The instance and its lease')
  async heartbeat(
    @Param('service', ServicePipe) service: string,
    @Param('id', InstancePipe) id: string,
  ): Promise<LeaseView> {
    return viewOf(await this.registry.heartbeat(this.feeds, service, id));
  }

  @Patch(':id')
  @Requires('writer', 'service')
  @ApiOperation({ summary: 'Change an instance in place: status, weight, metadata, …' })
  @Answers(200, leaseView, 'The instance and its lease')
  async update(
    @Param('service', ServicePipe) service: string,
    @Param('id', InstancePipe) id: string,
    @Body() patch: UpdateInstanceDto,
  ): Promise<LeaseView> {
    return viewOf(await this.registry.update(this.feeds, service, id, patch));
  }

  @Post(':id/drain')
  @HttpCode(200)
  @Requires('writer', 'service')
  @ApiOperation({ summary: 'Show an instance as DRAINING, and let it leave after the grace' })
  @Answers(200, leaseView, 'The instance and its lease')
  async drain(
    @Param('service', ServicePipe) service: string,
    @Param('id', InstancePipe) id: string,
    @Body() input: DrainDto,
  ): Promise<LeaseView> {
    return viewOf(await this.registry.drain(this.feeds, service, id, input));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('writer', 'service')
  @ApiOperation({ summary: 'Take an instance out at once' })
  @ApiNoContentResponse({ description: 'It is gone' })
  leave(@Param('service', ServicePipe) service: string, @Param('id', InstancePipe) id: string): Promise<void> {
    return this.registry.leave(this.feeds, service, id);
  }
}

function viewOf({ instance, leaseId, ttlMs }: Lease): LeaseView {
  return { instance, lease: { leaseId, ttlMs, heartbeatEveryMs: Math.floor(ttlMs / 3) } };
}
