import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsInt, IsString, Max, Min, registerDecorator, ValidateNested } from 'class-validator';
import { ConfigService } from './config-service.js';
import { FakeConfigSource } from './config-source.fake.js';
import { ConfigClass, typedConfig } from './typed-config.js';
import { TypedConfigs } from './typed-configs.js';
import { typedConfigView } from './typed-config-view.js';

class Pool {
  @IsInt() @Min(1) sizeMax = 10;
}

@ConfigClass('database')
class DatabaseConfig {
  @IsString() host!: string;
  @IsInt() @Max(65_535) port = 5432;
  @ValidateNested() @Type(() => Pool) pool = new Pool();
  get url(): string {
    return `postgres://${this.host}:${this.port}`;
  }
}

const begin = async (values: Parameters<typeof FakeConfigSource.begin>[0]) => {
  const declared = typedConfig('database', DatabaseConfig);
  const typed = new TypedConfigs([declared]);
  const source = await FakeConfigSource.begin(values, typed);
  const config = new ConfigService(source, typed);
  return { source, config, database: typedConfigView(DatabaseConfig, () => config.typed(DatabaseConfig)) };
};

describe('a configuration class', () => {
  it('has the values of its path, and its own defaults where there are none', async () => {
    const { database } = await begin({ database: { host: 'db1', pool: {} } });
    expect(database).toBeInstanceOf(DatabaseConfig);
    expect([database.host, database.port, database.pool.sizeMax, database.url]).toEqual([
      'db1',
      5432,
      10,
      'postgres://db1:5432',
    ]);
    expect(JSON.parse(JSON.stringify(database))).toEqual({ host: 'db1', port: 5432, pool: { sizeMax: 10 } });
  });

  it('refuses a release that does not fit, names every field, and keeps the old one', async () => {
    const { source, database } = await begin({ database: { host: 'db1' } });
    const refusal = await source.publish({ database: { host: 7, port: 70_000, pool: { sizeMax: 0 } } });
    expect(refusal.split('; ')).toEqual([
      'invalid configuration: database.host: host must be a string',
      'database.port: port must not be greater than 65535',
      'database.pool.sizeMax: sizeMax must not be less than 1',
    ]);
    expect([database.host, database.port]).toEqual(['db1', 5432]);
  });

  it('refuses a path that holds something else than values', async () => {
    const { source } = await begin({ database: { host: 'db1' } });
    expect(await source.publish({ database: 'db1' })).toBe(
      'invalid configuration: database: must hold the values of DatabaseConfig',
    );
    expect(await source.publish({ database: ['db1'] })).toBe(
      'invalid configuration: database: must hold the values of DatabaseConfig',
    );
  });

  it('takes values that it does not know, because a release may be newer than the program', async () => {
    const { source, database } = await begin({ database: { host: 'db1' } });
    expect(await source.publish({ database: { host: 'db2', sslMode: 'require' } })).toBe('applied');
    expect(database.host).toBe('db2');
  });

  it('changes all fields at once', async () => {
    const { source, config, database } = await begin({ database: { host: 'db1', port: 1 } });
    const before = config.typed(DatabaseConfig);
    await source.publish({ database: { host: 'db2', port: 2 } });
    expect([database.host, database.port]).toEqual(['db2', 2]);
    expect([before.host, before.port]).toEqual(['db1', 1]);
  });

  it('cannot be written to, nor can what is below it', async () => {
    const { config, database } = await begin({ database: { host: 'db1', pool: {} } });
    expect(() => (database.port = 1)).toThrow('DatabaseConfig.port comes from the configuration');
    expect(() => (database.pool.sizeMax = 1)).toThrow(TypeError);
    expect(() => (config.typed(DatabaseConfig).port = 1)).toThrow(TypeError);
  });

  it('may have validators that take their time', async () => {
    class Greeting {
      text!: string;
    }
    registerDecorator({
      name: 'isPolite',
      target: Greeting,
      propertyName: 'text',
      async: true,
      options: { message: 'must be polite' },
      validator: { validate: async (text: unknown) => text !== 'oi' },
    });
    const typed = new TypedConfigs([typedConfig('greeting', Greeting)]);
    const source = await FakeConfigSource.begin({ greeting: { text: 'good day' } }, typed);
    expect(await source.publish({ greeting: { text: 'oi' } })).toBe(
      'invalid configuration: greeting.text: must be polite',
    );
  });

  it('must be declared before it is read', async () => {
    const config = new ConfigService(await FakeConfigSource.begin({}), new TypedConfigs([]));
    expect(() => config.typed(DatabaseConfig)).toThrow(
      'DatabaseConfig is in no CorralModule.forFeature([DatabaseConfig])',
    );
    expect(() => config.typed(Pool)).toThrow(
      "Pool needs @ConfigClass('path'), or to be given as typedConfig('path', Pool)",
    );
  });

  it('may serve several paths', async () => {
    const [main, replica] = [typedConfig('main', Pool), typedConfig('replica', Pool)];
    const typed = new TypedConfigs([main, replica]);
    const source = await FakeConfigSource.begin({ main: { sizeMax: 1 }, replica: { sizeMax: 2 } }, typed);
    const config = new ConfigService(source, typed);
    expect([config.typed(main).sizeMax, config.typed(replica).sizeMax]).toEqual([1, 2]);
  });
});
