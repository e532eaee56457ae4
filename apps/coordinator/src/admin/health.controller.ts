import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { COORDINATOR, type Coordinator } from '../server/coordinator.js';

/** For those who restart and those who route: is the process alive, and can it take writes? */
@Controller('health')
export class HealthController {
  readonly #coordinator: Coordinator;

  constructor(@Inject(COORDINATOR) coordinator: Coordinator) {
    this.#coordinator = coordinator;
  }

  @Get('live')
  live(): { status: string } {
    return { status: 'live' };
  }

  @Get('ready')
  ready(): { status: string; mode: string } {
    const { phase, source } = this.#coordinator;
    if (phase !== 'serving' || source === undefined) throw notReady(`the member is ${phase}`);
    const { mode, failure } = source.status();
    if (mode === 'looking') throw notReady('the member is in no ensemble at the moment');
    if (mode === 'read-only') throw notReady(`the member is read-only: ${failure?.message ?? 'it has no quorum'}`);
    return { status: 'ready', mode };
  }
}

function notReady(reason: string): ServiceUnavailableException {
  return new ServiceUnavailableException({ status: 'not ready', reason });
}
