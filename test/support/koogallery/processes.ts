/** A seller with everything in processes of its own: receivers, workers, and a webhook that is here. */
import { onTestFinished } from 'vitest';
import type { Generation } from '../../../src/koogallery/protocol/intent.ts';
import { addLicenses } from '../../../src/koogallery/registry/add-licenses.ts';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import { connectRedis } from '../../../src/redis/connect.ts';
import type { ChildProgram } from '../../../src/sandbox/child-program.ts';
import type { StartedOpenApis } from '../../../src/sandbox/koogallery/open-server.ts';
import { freePort } from '../../../src/sandbox/local-redis.ts';
import { openApisForTest } from '../open-apis.ts';
import { startProgram, startWorkerProgram } from '../programs.ts';
import { uniqueName } from '../redis.ts';
import { createWorld } from '../world.ts';
import { type Described, makeChannelsFile } from './channels-file.ts';
import { answerJson, startWebhook, type WebhookAnswer } from './webhook.ts';

const LICENSES = 100;

export interface Stand {
  access: ChannelAccess;
  generation: Generation;
  /** On a receiver. */
  at(port: number): URL;
}

export interface ShopOptions extends Pick<Described, 'chargingModes'> {
  redisUrl: string;
  /** Whether channels that can be without open APIs have them too. */
  usesApis?: boolean;
  generations: readonly Generation[];
  answer?: WebhookAnswer;
}

/** One channel for each generation; nobody answers or works yet. */
export async function openShop({ redisUrl, generations, answer = issue, usesApis, ...more }: ShopOptions) {
  const webhook = await startWebhook(answer);
  const described = generations.map((generation) => ({ slug: uniqueName(), generation }));
  const apis = await openApisForTest();
  knowEveryOrder(apis);
  const channels = described.map((each) => ({
    ...{ ...each, ...more, webhook: webhook.url },
    ...((each.generation === 'license-online' || usesApis) && { apis: apis.origin }),
  }));
  const variables = await makeChannelsFile(...channels);
  const environment = { ...variables, ONBOARD_DURABILITY: 'durable' };
  const world = await createWorld({ redisUrl, environment });
  const redis = connectRedis(redisUrl, { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  const stands = described.map(
    ({ slug, generation }): Stand => ({
      ...{ access: { redis, slug }, generation },
      at: (port) => new URL(`http://127.0.0.1:${port}/koogallery/${slug}`),
    }),
  );
  for (const { access, generation } of stands)
    if (generation === 'license-v1')
      await addLicenses(
        access,
        Array.from({ length: LICENSES }, (_, index) => `L-${index}`),
      );
  const serve = async (port?: number): Promise<{ program: ChildProgram; port: number }> => {
    const own = { HTTP_PORT: String(port ?? (await freePort())), LOG_LEVEL: 'fatal' };
    const program = startProgram(world, ['koogallery', 'serve'], own);
    await program.says('/koogallery/', 'stdout');
    return { program, port: Number(own.HTTP_PORT) };
  };
  return { redis, webhook, apis, stands, serve, work: () => startWorkerProgram(world) };
}

/** Whatever somebody bought. */
function knowEveryOrder({ orders }: StartedOpenApis): void {
  const answer = orders.answer.bind(orders);
  orders.answer = (query) => {
    const orderId = query.get('orderId') ?? '';
    // As the simulated marketplace calls the line of an order.
    const orderLineId = query.get('orderLineId') ?? `${orderId}-000001`;
    const productInfo = [{ productId: 'p1', skuCode: 's1' }];
    orders.add({
      ...{ orderId, orderType: 'NEW', buyerInfo: { customerId: 'c1' } },
      orderLine: [{ orderLineId, expireTime: '20990101000000', productInfo }],
    });
    return answer(query);
  };
}

/** Does what it is asked, at once. */
const issue: WebhookAnswer = (call, response) =>
  answerJson(200, call.type === 'license.issue' ? { license: 'LIC' } : {})(call, response);
