/** The one list of rights, and what is made of it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listLuaFiles } from '../../scripts/lua-files.ts';
import { aclRule, RIGHTS } from '../../src/redis/rights.ts';

const page = readFileSync(new URL('../../docs/redis.md', import.meta.url), 'utf8');

describe('the least rights', () => {
  it('stand in the document as the code has them', () => {
    expect(page).toContain(`ACL SETUSER onboard ${aclRule(['work', 'durability', 'telling'])} >`);
    for (const name of ['durability', 'telling', 'database', 'cluster', 'koogallery'] as const)
      expect(page).toContain(RIGHTS[name].map((command) => `+${command}`).join(' '));
  });

  it('have every command of our scripts', () => {
    const commands = listLuaFiles().flatMap((path) =>
      Array.from(readFileSync(path, 'utf8').matchAll(/redis\.p?call\('(\w+)'/g), ([, name = '']) =>
        name.toLowerCase(),
      ),
    );
    const listed: readonly string[] = [...RIGHTS.work, ...RIGHTS.durability, ...RIGHTS.koogallery];
    expect([...new Set(commands)].filter((name) => !listed.includes(name))).toEqual([]);
  });
});
