/** What a connection to Redis is asked: the measure of an effort that does not depend on the machine. */
import type { Redis } from 'ioredis';
import type { RedisClient } from '../../src/redis/connect.ts';

export interface Asked {
  name: string;
  /** Its parameters, the key first. */
  args: string[];
}

/** @returns a list that grows with every command from now on */
export function watchCommands(redis: RedisClient): Asked[] {
  const asked: Asked[] = [];
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (...[command, stream]: Parameters<Redis['sendCommand']>) => {
    asked.push({ name: command.name, args: command.args.map(String) });
    return send(command, stream);
  };
  return asked;
}
