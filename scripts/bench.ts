/** Measurements, each printed and kept in `bench/results.md`: `npm run bench -- NAME`, a name of `BENCHES`. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { pickRedis } from '../src/sandbox/local-redis.ts';
import { benchAccounts } from './bench/accounts.ts';
import { benchAdapt } from './bench/adapt.ts';
import { benchChaos } from './bench/chaos.ts';
import { benchCli } from './bench/cli.ts';
import { benchConsole } from './bench/console.ts';
import { benchIdle } from './bench/idle.ts';
import { benchImport } from './bench/import.ts';
import { benchKooGallery } from './bench/koogallery.ts';
import { benchLatency } from './bench/latency.ts';
import { benchMemory } from './bench/memory.ts';
import { benchRate } from './bench/rate.ts';
import { benchRedis } from './bench/redis.ts';
import { benchScale } from './bench/scale.ts';
import { benchSignUps } from './bench/sign-ups.ts';
import { ensureBuilt } from './ensure-built.ts';

const BENCHES: Record<
  string,
  { title: string; run: (redisUrl: string, argument?: string) => Promise<string> }
> = {
  rate: { title: 'Rate', run: benchRate },
  latency: { title: 'A Redis far away', run: benchLatency },
  adapt: { title: 'A limit that changes', run: benchAdapt },
  chaos: { title: 'Chaos', run: benchChaos },
  idle: { title: 'When little happens', run: benchIdle },
  import: { title: 'Import', run: benchImport },
  accounts: { title: 'Fifty accounts', run: benchAccounts },
  cli: { title: 'Command line', run: benchCli },
  'sign-ups': { title: 'Sign-ups', run: benchSignUps },
  memory: { title: 'Peak memory', run: benchMemory },
  console: { title: 'A batch of 1,000,000 rows', run: benchConsole },
  redis: { title: 'Redis as people really have it', run: benchRedis },
  koogallery: { title: 'KooGallery', run: benchKooGallery },
  scale: { title: 'Scale', run: benchScale },
};
const RESULTS = 'bench/results.md';

const [name = '', part] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(`npm run bench -- ${Object.keys(BENCHES).join('|')}\n`);
  process.exit(2);
}
await ensureBuilt();
const redis = await pickRedis();
try {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Linux ${release()}, Node ${process.version}, Redis: ${redis.description}`;
  const command = part === undefined ? name : `${name} ${part}`;
  const text = `${new Date().toISOString().slice(0, 10)} · \`npm run bench -- ${command}\` · ${machine}\n\n\`\`\`\n${(await bench.run(redis.url, part)).trim()}\n\`\`\`\n`;
  process.stdout.write(`${text}\n`);
  // A part stands beside the others.
  await keep(part === undefined ? bench.title : `${bench.title}: ${part}`, text);
} finally {
  await redis.stop();
}

/** Replaces the section of this measurement; the others stay. */
async function keep(title: string, text: string): Promise<void> {
  await mkdir('bench', { recursive: true });
  const before = existsSync(RESULTS) ? await readFile(RESULTS, 'utf8') : '# Measurements\n';
  const [head = '', ...sections] = before.split('\n## ');
  const others = sections.filter((section) => !section.startsWith(`${title}\n`));
  const all = [...others, `${title}\n\n${text}`].sort();
  await writeFile(
    RESULTS,
    `${head.trimEnd()}\n\n## ${all.map((section) => section.trim()).join('\n\n## ')}\n`,
  );
}
