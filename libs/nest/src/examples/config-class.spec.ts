/** Example: `@ConfigClass` makes a class of class-validator decorators the shape of a part of the configuration. */
import { afterEach, expect, it } from '@jest/globals';
import { Inject, Injectable } from '@nestjs/common';
import { IsInt, IsString, Max, Min } from 'class-validator';
import { ConfigService } from '../config/config-service.js';
import { ConfigClass, typedConfig, typedConfigToken } from '../config/typed-config.js';
import { CorralModule } from '../corral.module.js';
import { startExample, stopExamples } from './example.fake.js';

@ConfigClass('discount')
class DiscountConfig {
  @IsInt()
  @Min(0)
  @Max(90)
  readonly percent: number = 0;

  @IsString()
  readonly label: string = 'everyday price';
}

@Injectable()
class Prices {
  constructor(
    private readonly discount: DiscountConfig,
    private readonly config: ConfigService,
  ) {}

  tag(cents: number): string {
    return `${(cents * (100 - this.discount.percent)) / 100} cents, ${this.discount.label}`;
  }

  /** Work that takes its time sees one release from beginning to end. */
  async catalogue(printing: () => Promise<void>): Promise<string> {
    const discount = this.config.typed(DiscountConfig);
    const cover = `${discount.percent} %`;
    await printing();
    return `${cover} on the cover, ${discount.percent} % inside`;
  }
}

const parts = { imports: [CorralModule.forFeature([DiscountConfig])], providers: [Prices] };

afterEach(stopExamples);

it('what is injected has the fields of the present release', async () => {
  const { app, release } = await startExample(parts);
  expect(app.get(Prices).tag(1000)).toBe('1000 cents, everyday price');

  await release({ discount: { percent: 20, label: 'Sale' } });
  expect(app.get(Prices).tag(1000)).toBe('800 cents, Sale');
});

it('a release that does not fit is refused before it is applied, and the field is named', async () => {
  const { app, release } = await startExample({ ...parts, values: { discount: { percent: 5, label: 'Sale' } } });
  const { acknowledged, failed } = await release({ discount: { percent: 95, label: 'Ruin' } });
  expect([acknowledged, failed[0]?.error]).toEqual([
    0,
    expect.stringContaining('discount.percent: percent must not be greater than 90'),
  ]);
  expect(app.get(Prices).tag(1000)).toBe('950 cents, Sale');
});

it('an application does not start with a configuration that does not fit', async () => {
  const started = startExample({ ...parts, values: { discount: { percent: 95 } } });
  await expect(started).rejects.toThrow('discount.percent: percent must not be greater than 90');
});

it('an instance stays at its release for work that takes its time', async () => {
  const { app, release } = await startExample({ ...parts, values: { discount: { percent: 5 } } });
  const catalogue = app.get(Prices).catalogue(async () => {
    await release({ discount: { percent: 20 } });
  });
  expect(await catalogue).toBe('5 % on the cover, 5 % inside');
});

it('one class may serve several paths', async () => {
  const [summer, winter] = [typedConfig('summer', DiscountConfig), typedConfig('winter', DiscountConfig)];

  @Injectable()
  class Seasons {
    constructor(
      @Inject(typedConfigToken(summer)) readonly summer: DiscountConfig,
      @Inject(typedConfigToken(winter)) readonly winter: DiscountConfig,
    ) {}
  }

  const { app } = await startExample({
    values: { summer: { percent: 10 }, winter: { percent: 30 } },
    imports: [CorralModule.forFeature([summer, winter])],
    providers: [Seasons],
  });
  const seasons = app.get(Seasons);
  expect([seasons.summer.percent, seasons.winter.percent]).toEqual([10, 30]);
});
