import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ensemble } from '../ensemble/ensemble.js';
import type { HttpRequest } from '../http/exchange.js';
import { mayDo } from '../security/access.js';
import { Requires } from '../security/requires.decorator.js';
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
  @ApiOkResponse({ description: 'Names' })
  async list(@Req() { caller }: HttpRequest): Promise<{ services: string[] }> {
    const services = await this.service.registry.services({ signal: this.ensemble.deadline() });
    return { services: services.filter((service) => mayDo(caller, 'reader', { kind: 'service', service })) };
  }
}
