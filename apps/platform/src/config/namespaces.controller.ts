import type { ScopeStatus } from '@corral/live-config';
import { Controller, Get, Inject, Param, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ensemble } from '../ensemble/ensemble.js';
import type { HttpRequest } from '../http/exchange.js';
import { NamePipe } from '../input/names.js';
import { mayDo } from '../security/access.js';
import { Requires } from '../security/requires.decorator.js';
import { ConfigService } from './config-service.js';

const NAMESPACE = new NamePipe('namespace');

/** What there is: namespaces, their applications, gradual releases on their way. */
@ApiTags('config')
@Controller('v1/config')
export class NamespacesController {
  constructor(
    @Inject(ConfigService) private readonly config: ConfigService,
    @Inject(Ensemble) private readonly ensemble: Ensemble,
  ) {}

  @Get('namespaces')
  @Requires('reader', 'anything')
  @ApiOperation({ summary: 'The namespaces that you may read' })
  @ApiOkResponse({ description: 'Names' })
  async namespaces(@Req() { caller }: HttpRequest): Promise<{ namespaces: string[] }> {
    const names = await this.config.store.listNamespaces({ signal: this.ensemble.deadline() });
    return { namespaces: names.filter((namespace) => mayDo(caller, 'reader', { kind: 'namespace', namespace })) };
  }

  @Get('namespaces/:namespace/applications')
  @Requires('reader', 'namespace')
  @ApiOperation({ summary: 'The applications of a namespace' })
  @ApiOkResponse({ description: 'Names' })
  async applications(@Param('namespace', NAMESPACE) namespace: string): Promise<{ applications: string[] }> {
    return { applications: await this.config.store.listApplications(namespace, { signal: this.ensemble.deadline() }) };
  }

  @Get('rollouts')
  @Requires('reader', 'anything')
  @ApiOperation({ summary: 'The gradual releases that are on their way, of namespaces that you may read' })
  @ApiOkResponse({ description: 'Where each stands' })
  async rollouts(@Req() { caller }: HttpRequest): Promise<{ rollouts: ScopeStatus[] }> {
    const rollouts = await this.config.store.rollouts({ signal: this.ensemble.deadline() });
    return {
      rollouts: rollouts.filter(({ scope: { namespace } }) =>
        mayDo(caller, 'reader', { kind: 'namespace', namespace }),
      ),
    };
  }
}
