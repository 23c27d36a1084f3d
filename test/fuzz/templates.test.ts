// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform.
/**
 * Templates with random damage, in their files and in their zip: each is checked soon, and nothing is thrown. `FUZZ_FILES`
 * sets how many, `FUZZ_FIRST` from which number on.
 */
import { expect, it } from 'vitest';
import { checkPackage } from '../../src/koogallery/template/lint-template.ts';
import { toFile } from '../../src/koogallery/template/template-package.ts';
import { openHclParser } from '../../src/koogallery/template/terraform/hcl-parser.ts';
import { createRandom, mutate, oneOf, type Random, seedsToTry } from '../support/fuzz.ts';
import { CLEAN, lintBytes, partsOf } from '../support/koogallery/template.ts';
import { makeZip } from '../support/zip.ts';

/** `npm run test:long` reads fewer of these: each is eleven files. */
const RUNS = 1000;
const MS_MAX = 5000;
/** Of every so many packages the zip is damaged, which is slower: it is a file. */
const ZIP_EVERY = 10;
const JSON_FILE = JSON.stringify({
  resource: { huaweicloud_vpc: { a: [{ name: '${upper(var.ecs_name)}-%{ if true }x%{ endif }' }] } },
  module: { more: { source: './modules/vpc', name: '$${file("x")}' } },
  terraform: { required_providers: { huaweicloud: { version: '>= 1.56.0' } } },
});
const FILES = Object.entries({ ...CLEAN, 'more.tf.json': JSON_FILE }).map(
  ([path, content]) => [path, Buffer.from(content ?? '')] as const,
);

function damaged(random: Random): (readonly [path: string, content: Buffer])[] {
  const [chosen] = oneOf(random, FILES);
  return FILES.map(([path, content]) => [path, path === chosen ? mutate(content, random) : content]);
}

it('checks every damaged template', { timeout: 3_600_000 }, async () => {
  const parser = await openHclParser();
  const counts = { passed: 0, failed: 0, slowestMs: 0 };
  for (const seed of process.env.FUZZ_FILES === undefined ? seedsToTry().slice(0, RUNS) : seedsToTry()) {
    const random = createRandom(seed);
    const files = damaged(random);
    const start = performance.now();
    if (seed % ZIP_EVERY === 0) {
      const zip = makeZip(partsOf(Object.fromEntries(files)));
      const { hasPassed } = await lintBytes(mutate(zip, random));
      counts[hasPassed ? 'passed' : 'failed']++;
    } else {
      const sizes = { packedBytes: 1, unpackedBytes: 1, fileCount: 1, entryCount: 1 };
      const read = files.map(([path, content]) => toFile(path, content));
      const found = checkPackage({ ...sizes, files: read, wasInflated: true }, parser);
      for (const { message, line = 1 } of found)
        expect(`${message.length > 0} ${line >= 1}`).toBe('true true');
      counts[found.some(({ severity }) => severity === 'error') ? 'failed' : 'passed']++;
    }
    const ms = Math.round(performance.now() - start);
    counts.slowestMs = Math.max(counts.slowestMs, ms);
    expect(ms, `file ${seed}`).toBeLessThan(MS_MAX);
  }
  process.stdout.write(`${JSON.stringify(counts)}\n`);
});
