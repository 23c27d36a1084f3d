/** Where the time of one worker goes with many accounts: its CPU profile, by the package whose code runs. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderTable } from '../../src/text.ts';
import { measureScale } from './scale-run.ts';

const ACCOUNTS = [40, 200];
const SHOWN_SHARE_MIN = 0.01;

/** What `--cpu-prof` writes. */
interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  /** Microseconds. */
  timeDeltas: number[];
}

/** Of the time in which it was not idle. */
export async function profileScale(redisUrl: string): Promise<string> {
  const sections = [];
  for (const accounts of ACCOUNTS) {
    const profiles = await mkdtemp(join(tmpdir(), 'onboard-profiles-'));
    const { customersPerSecond } = await measureScale(redisUrl, { accounts, workers: 1, profiles });
    const [file = ''] = await readdir(profiles);
    const profile: Profile = JSON.parse(await readFile(join(profiles, file), 'utf8'));
    await rm(profiles, { recursive: true, force: true });
    sections.push(`${accounts} accounts, ${customersPerSecond.toFixed(0)} customers/s\n\n${render(profile)}`);
  }
  return sections.join('\n\n');
}

function render({ nodes, samples, timeDeltas }: Profile): string {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const places = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const { functionName = '', url = '' } = frames.get(id) ?? {};
    if (functionName === '(idle)' || functionName === '(program)') continue;
    const time = timeDeltas[index] ?? 0;
    busy += time;
    const place = placeOf(url, functionName);
    places.set(place, (places.get(place) ?? 0) + time);
    const name = `${functionName || '(anonymous)'} of ${place}`;
    functions.set(name, (functions.get(name) ?? 0) + time);
  }
  const table = (times: Map<string, number>) =>
    [...times]
      .sort(([, a], [, b]) => b - a)
      .map(([name, time]) => ({ name, share: time / busy }))
      .filter(({ share }) => share >= SHOWN_SHARE_MIN)
      .map(({ name, share }) => [name, `${(share * 100).toFixed(1)} %`]);
  return [
    renderTable([['package', 'own time'], ...table(places)]),
    renderTable([['function', 'own time'], ...table(functions)]),
  ].join('\n\n');
}

function placeOf(url: string, functionName: string): string {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (name !== undefined) return name;
  if (url.startsWith('node:')) return url;
  if (url === '') return functionName === '(garbage collector)' ? functionName : 'native';
  return /dist\/((?:src\/)?\w+)/.exec(url)?.[1] ?? 'this project';
}
