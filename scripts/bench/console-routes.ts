/** How long each route of the API takes about a huge batch, and how long others wait meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import { toCursor } from '../../src/http/paging.ts';
import type { HugeBatch } from './console-pages.ts';

const TIMES = 10;
/** How often another client asks, to see whether the server still answers. */
const ASK_EVERY_MS = 5;

/** @returns a table */
export async function measureRoutes(address: string, batch: HugeBatch): Promise<string[][]> {
  const table = [['GET', 'median ms', 'most ms', 'bytes', 'another client waits, at most ms']];
  for (const [name, path] of routesOf(`/v1/batches/${batch.id}`, batch)) {
    const other = startOther(address);
    const times: number[] = [];
    let bytes = 0;
    for (let time = 0; time < TIMES; time++) {
      const begun = performance.now();
      const response = await fetch(address + path);
      bytes = (await response.arrayBuffer()).byteLength;
      times.push(performance.now() - begun);
      if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
    }
    table.push([name, ...milliseconds(times), String(bytes), (await other.stop()).toFixed(1)]);
  }
  return table;
}

/** How long it takes to say that nothing has changed; to be asked while no row is sent. @returns a line of the table */
export async function measureUnchanged(address: string, { id }: HugeBatch): Promise<string[]> {
  const times: number[] = [];
  let unchanged = 0;
  for (let time = 0; time < TIMES; time++) {
    const { headers } = await fetch(`${address}/v1/batches/${id}`);
    const known = { 'if-none-match': headers.get('etag') ?? '' };
    const begun = performance.now();
    const response = await fetch(`${address}/v1/batches/${id}`, { headers: known });
    times.push(performance.now() - begun);
    if (response.status === 304) unchanged += 1;
  }
  return [`the batch with its ETag: 304 in ${unchanged} of ${TIMES}`, ...milliseconds(times), '0', ''];
}

const milliseconds = (times: readonly number[]) =>
  [median(times), Math.max(...times)].map((ms) => ms.toFixed(1));

type Route = [name: string, path: string];

function routesOf(one: string, { rows }: HugeBatch): Route[] {
  const from = (row: number) => `cursor=${toCursor(row)}`;
  const name = (row: number) => `q=${encodeURIComponent(` ${row}`)}`;
  return [
    ['accounts', '/v1/accounts'],
    ['batches', '/v1/batches'],
    ['the batch', one],
    ['its rate', `${one}/rate`],
    ['its log', `${one}/log`],
    ['rows, first page', `${one}/rows`],
    ['rows, first 500', `${one}/rows?limit=500`],
    ['rows, last page', `${one}/rows?${from(rows - 49)}`],
    ['rows, failed', `${one}/rows?outcome=failed`],
    ['rows, failed, in the second half', `${one}/rows?outcome=failed&${from(rows / 2)}`],
    ['rows, of a code', `${one}/rows?code=InvalidParameter.CountryId`],
    ['rows, review awaited', `${one}/rows?review=awaited`],
    ['rows, review approved: none', `${one}/rows?review=approved`],
    ['rows, the id of the last', `${one}/rows?q=C${1_000_000 + rows}`],
    ['rows, a name near the begin', `${one}/rows?${name(777)}`],
    ['rows, a name nobody has, per answer', `${one}/rows?${name(0)}`],
    ['one row, done', `${one}/rows/1`],
    ['one row, the last', `${one}/rows/${rows}`],
    ['a customer', `/v1/customers/C${1_000_000 + rows}`],
    ['reviews', '/v1/reviews'],
  ];
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** Somebody else, who asks for next to nothing all the time. */
function startOther(address: string) {
  let isOver = false;
  const asking = (async () => {
    let longest = 0;
    while (!isOver) {
      const begun = performance.now();
      await (await fetch(`${address}/healthz`)).arrayBuffer();
      longest = Math.max(longest, performance.now() - begun);
      await sleep(ASK_EVERY_MS);
    }
    return longest;
  })();
  return {
    /** @returns how long it has waited at most, in milliseconds */
    stop() {
      isOver = true;
      return asking;
    },
  };
}
