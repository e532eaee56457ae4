import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ensemble } from '../ensemble/ensemble.js';
import type { HttpRequest } from '../http/exchange.js';
import { Answers } from '../openapi/answers.js';
import { mayDo } from '../security/access.js';
import { Requires } from '../security/requires.decorator.js';
import { type ServiceList, serviceList } from './answers/service.answers.js';
import { RegistryService } from './registry-service.js';

/** Which services there are. */
@ApiTags('registry')
@Controller('v1/registry/services')
export class ServicesController {
  constructor(
    @Inject(RegistryService) private readonly service: RegistryService,
    @Inject(Ensemble) private readonly ensemble: Ensemble,
  ) {}

  @Get()
  @Requires('reader', 'anything')
  @ApiOperation({ summary: 'The services that you may read' })
  @Answers(200, serviceList, 'Names')
  async list(@Req() { caller }: HttpRequest): Promise<ServiceList> {
    const services = await this.service.registry.services({ signal: this.ensemble.deadline() });
    return { services: services.filter((service) => mayDo(caller, 'reader', { kind: 'service', service })) };
  }
}
