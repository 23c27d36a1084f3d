/** How a master is found through Sentinels, without a word of ioredis about those that are away. */
import { type Redis, SentinelConnector } from 'ioredis';

interface Connects {
  connectToSentinel(...parameters: unknown[]): Redis;
}

/** ioredis prints a stack trace for every Sentinel that it cannot watch, though one that it reaches is enough. */
export class QuietSentinels extends SentinelConnector {
  constructor(options: unknown) {
    super(options as ConstructorParameters<typeof SentinelConnector>[0]);
    const own = this as unknown as Connects;
    const connect = own.connectToSentinel.bind(this);
    own.connectToSentinel = (...parameters) => connect(...parameters).on('error', () => undefined);
  }
}
