/** A Redis that goes silent while `onboard doctor` or the check of channels looks is a finding, and they end. */
import { expect, inject, it, onTestFinished } from 'vitest';
import { makeChannelsFile } from '../support/koogallery/channels-file.ts';
import { makeOpenChannel } from '../support/koogallery/marketplace.ts';
import { startProgram } from '../support/programs.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { createWorld } from '../support/world.ts';

it.each(['maxmemory-policy', ':ledger'])(
  'doctor says so and ends if Redis is silent from %s on',
  async (text) => {
    const proxy = await startTcpProxy(inject('redisUrl'));
    const silenced = proxy.hears(text, () => proxy.silenceAll());
    const program = startProgram(await createWorld(), ['doctor'], { REDIS_URL: proxy.url });
    onTestFinished(() => program.kill());
    expect(await program.ended).toMatchObject({ code: 2, signal: null });
    expect(program.output.stdout).toMatch(/^BAD {2}Redis +Redis does not answer/m);
    await silenced;
  },
  60_000,
);

it.each(['appendfsync', '{koogallery:'])(
  'the check of channels says so and ends if Redis is silent from %s on',
  async (text) => {
    const channel = makeOpenChannel({ generation: 'license-online' });
    const world = await createWorld({ environment: await makeChannelsFile(channel) });
    const proxy = await startTcpProxy(inject('redisUrl'));
    const silenced = proxy.hears(text, () => proxy.silenceAll());
    const program = startProgram(world, ['koogallery', 'check'], { REDIS_URL: proxy.url });
    onTestFinished(() => program.kill());
    expect(await program.ended).toMatchObject({ code: 2, signal: null });
    expect(program.output.stdout).toMatch(/^BAD.*Redis does not answer/m);
    await silenced;
  },
  60_000,
);
