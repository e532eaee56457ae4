/** Spring Boot with Spring Cloud Zookeeper, and our modules: it reads what is published here, and each sees what the other registers. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@corral/client';
import { ConfigStore, SpringView } from '@corral/live-config';
import { Registry } from '@corral/registry';
import { ControlledServer } from './support/controlled-server.js';
import { Dialogue } from './support/dialogue.js';
import { compileJava, javaCommand } from './support/java.js';
import { describeWithMaven, mavenClassPath } from './support/maven.js';

/** The name of the Spring program and of its configuration. */
const NAME = 'cart';
const SCOPE = { namespace: 'shop', application: NAME };
const TIMEOUT_MS = 170_000;

/** Spring Boot, and the Spring Cloud that belongs to it. */
const VERSIONS = [
  ['4.0.7', '2025.1.1'],
  ['3.5.7', '2025.0.0'],
] as const;

describeWithMaven('Spring Cloud Zookeeper', () => {
  describe.each(VERSIONS)('with Spring Boot %s and Spring Cloud %s', (boot, cloud) => {
    const ends: (() => Promise<void>)[] = [];
    let client: Client;
    let store: ConfigStore;
    let registry: Registry;
    let spring: Dialogue;

    /** Publishes documents and lays them out for Spring. */
    const publish = async (content: string, profile?: string): Promise<void> => {
      const document = { name: 'main', format: 'yaml', content } as const;
      await store.publish({ scope: SCOPE, changes: [profile === undefined ? document : { ...document, profile }] });
      await new SpringView(client, store).write(SCOPE);
    };

    beforeAll(async () => {
      const server = await ControlledServer.start('corral');
      ends.push(() => server.close());
      client = await Client.connect({ connect: server.address });
      ends.push(() => client.close());
      store = new ConfigStore(client, { author: 'ann' });
      registry = new Registry(client);
      const odd = 'empty: ""\nabove: 1\n"above.below": 2\n';
      await store.publish({ scope: SCOPE, changes: [{ name: 'odd', format: 'yaml', content: odd }] });
      await publish('greeting: {text: hello, to: [ann, bob]}\nlimit: 5\n');
      await publish('limit: 9\n', 'eu');
      const classPath = mavenClassPath('spring', { 'spring-boot': boot, 'spring-cloud': cloud });
      const settings = {
        'spring.application.name': NAME,
        'spring.profiles.active': 'eu',
        'spring.config.import': 'zookeeper:',
        'spring.cloud.zookeeper.connect-string': server.address,
        'spring.cloud.zookeeper.discovery.instance-host': '127.0.0.1',
        'spring.cloud.zookeeper.discovery.metadata.team': 'web',
        'spring.cloud.loadbalancer.cache.enabled': 'false',
        'spring.main.banner-mode': 'off',
        'logging.level.root': 'error',
        'server.port': '0',
      };
      const flags = Object.entries(settings).map(([key, value]) => `--${key}=${value}`);
      const classes = compileJava(['spring'], classPath);
      spring = new Dialogue(javaCommand(classes, 'spring.SpringProgram', flags, TIMEOUT_MS, classPath));
      ends.push(() => spring.end());
      await spring.hear('started');
    }, TIMEOUT_MS);

    afterAll(async () => {
      for (const end of ends.reverse()) await end();
    }, TIMEOUT_MS);

    it('reads what is published here, the profile over the application', async () => {
      await spring.ask('property greeting.text', 'property greeting.text: hello');
      await spring.ask('property greeting.to[1]', 'property greeting.to[1]: bob');
      await spring.ask('property limit', 'property limit: 9');
      await spring.ask('property empty', 'property empty: ');
      await spring.ask('property above', 'property above: 1');
      await spring.ask('property above.below', 'property above.below: 2');
    });

    // Spring reads znode by znode, so what one release changes may come to it in two events: here each changes one thing.
    it('sees each release while it runs: values that change, come and go', async () => {
      await publish('greeting: {text: good evening, to: [ann, bob]}\nlimit: 5\n');
      await spring.hear('changed: greeting.text');
      await spring.hear('refreshed');
      await spring.ask('greeting', 'greeting: good evening');
      await publish('greeting: {text: good evening, from: carl, to: [ann, bob]}\nlimit: 5\n');
      await spring.hear('changed: greeting.from');
      await spring.ask('property greeting.from', 'property greeting.from: carl');
      await publish('greeting: {text: good evening, from: carl, to: [ann]}\nlimit: 5\n');
      await spring.hear('changed: greeting.to[1]');
      await spring.ask('property greeting.to[1]', 'property greeting.to[1]: null');
    });

    it('is found here, with its metadata, and its status as it changes', async () => {
      const updates = registry.watch(NAME)[Symbol.asyncIterator]();
      const next = async () => (await updates.next()).value as unknown;
      const instance = { service: NAME, address: '127.0.0.1', metadata: { team: 'web' } };
      expect(await next()).toMatchObject({ kind: 'full', instances: [{ ...instance, status: 'UP' }] });
      spring.say('status OUT_OF_SERVICE');
      expect(await next()).toMatchObject({ kind: 'delta', updated: [{ ...instance, status: 'DOWN' }] });
      await updates.return?.();
    });

    it('finds what is registered here, and no longer what drains', async () => {
      const pricing = { service: 'pricing', address: '10.0.0.7', port: 8080, metadata: { zone: 'eu-1' } };
      const plain = await registry.register(pricing);
      await spring.ask('services', 'services: [cart, pricing]');
      await spring.ask('choose pricing', 'choose pricing:  {}');
      await plain.leave();
      const writing = new Registry(client, { payload: 'spring' });
      const known = await writing.register(pricing);
      const described = 'http://10.0.0.7:8080 {instance_status=UP, zone=eu-1}';
      await spring.ask('choose pricing', `choose pricing: ${described}`);
      await known.update({ status: 'DRAINING' });
      await spring.ask('choose pricing', 'choose pricing: nobody');
      await known.leave();
    });
  });
});
