import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ensemble } from '../ensemble/ensemble.js';
import { ProblemError } from '../errors/problem.js';
import { Answers } from '../openapi/answers.js';
import { OpenStreams } from '../streams/open-streams.js';
import { OpenToAll } from '../security/requires.decorator.js';
import { type Liveness, liveness, type Readiness, readiness } from './health.answers.js';

/** For those who restart and those who route: is the process alive, and can it do its work? */
@ApiTags('operation')
@Controller('health')
export class HealthController {
  constructor(
    @Inject(Ensemble) private readonly ensemble: Ensemble,
    @Inject(OpenStreams) private readonly streams: OpenStreams,
  ) {}

  @Get('live')
  @OpenToAll()
  @ApiOperation({ summary: 'Whether the process answers' })
  @Answers(200, liveness, 'It does')
  live(): Liveness {
    return { status: 'live' };
  }

  @Get('ready')
  @OpenToAll()
  @ApiOperation({ summary: 'Whether the ensemble is reached and the platform is not stopping' })
  @Answers(200, readiness, 'Both')
  ready(): Readiness {
    if (this.streams.isStopping) throw new ProblemError('stopping', 'the platform is stopping');
    const { state } = this.ensemble;
    if (!this.ensemble.isConnected) {
      throw new ProblemError('ensemble-away', `the ensemble is not reached: the connection is ${state}`);
    }
    return { status: 'ready', ensemble: state };
  }
}
