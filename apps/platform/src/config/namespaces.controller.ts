import { Controller, Get, Inject, Param, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ensemble } from '../ensemble/ensemble.js';
import type { HttpRequest } from '../http/exchange.js';
import { NamePipe } from '../input/names.js';
import { Answers } from '../openapi/answers.js';
import { mayDo } from '../security/access.js';
import { Requires } from '../security/requires.decorator.js';
import {
  type ApplicationList,
  applicationList,
  type NamespaceList,
  namespaceList,
} from './answers/namespace.answers.js';
import { type RolloutList, rolloutList } from './answers/status.answers.js';
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
  @Answers(200, namespaceList, 'Names')
  async namespaces(@Req() { caller }: HttpRequest): Promise<NamespaceList> {
    const names = await this.config.store.listNamespaces({ signal: this.ensemble.deadline() });
    return { namespaces: names.filter((namespace) => mayDo(caller, 'reader', { kind: 'namespace', namespace })) };
  }

  @Get('namespaces/:namespace/applications')
  @Requires('reader', 'namespace')
  @ApiOperation({ summary: 'The applications of a namespace' })
  @Answers(200, applicationList, 'Names')
  async applications(@Param('namespace', NAMESPACE) namespace: string): Promise<ApplicationList> {
    return { applications: await this.config.store.listApplications(namespace, { signal: this.ensemble.deadline() }) };
  }

  @Get('rollouts')
  @Requires('reader', 'anything')
  @ApiOperation({ summary: 'The gradual releases that are on their way, of namespaces that you may read' })
  @Answers(200, rolloutList, 'Where each stands')
  async rollouts(@Req() { caller }: HttpRequest): Promise<RolloutList> {
    const rollouts = await this.config.store.rollouts({ signal: this.ensemble.deadline() });
    return {
      rollouts: rollouts.filter(({ scope: { namespace } }) =>
        mayDo(caller, 'reader', { kind: 'namespace', namespace }),
      ),
    };
  }
}
