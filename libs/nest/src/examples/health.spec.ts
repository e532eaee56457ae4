/** Example: the health of Corral on a Terminus health page. */
import { afterEach, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { CorralHealthIndicator } from '../health/corral.health.js';
import { startExample, stopExamples } from './example.fake.js';

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly corral: CorralHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.corral.check()]);
  }

  @Get('strict')
  @HealthCheck()
  strict() {
    return this.health.check([() => this.corral.check('corral', { strict: true })]);
  }
}

const parts = { imports: [TerminusModule.forRoot({ logger: false })], controllers: [HealthController] };

afterEach(stopExamples);

it('is up while all is well', async () => {
  const { app } = await startExample(parts);
  expect(await app.get(HealthController).check()).toMatchObject({
    status: 'ok',
    details: { corral: { status: 'up', connection: 'connected', config: { release: 1, isStale: false } } },
  });
});

it('is degraded, which is no failure, while the ensemble is away', async () => {
  const { app, client, ensemble } = await startExample(parts);
  ensemble.cut(client);
  await ensemble.settle();
  expect(await app.get(HealthController).check()).toMatchObject({
    status: 'degraded',
    details: { corral: { status: 'degraded', connection: 'suspended', config: { release: 1, isStale: true } } },
  });
});

it('is down for those who want it so', async () => {
  const { app, client, ensemble } = await startExample(parts);
  ensemble.cut(client);
  await ensemble.settle();
  await expect(app.get(HealthController).strict()).rejects.toMatchObject({
    response: { status: 'error', details: { corral: { status: 'down' } } },
  });
});
