import { expect, it } from 'vitest';
import { EXTENSION, foundIn, lintWith } from '../../support/koogallery/template.ts';

const FILE = '.extension/template.rfs.json';
const withText = (text: string) => ({ [FILE]: text });
const withJson = (value: unknown) => withText(JSON.stringify(value));
const entry = { variable_name: 'ecs_name', localization: { variable_name: 'Name' } };
const SCHEMA = `extension-schema ${FILE}:1`;

it.each<[unknown, string[]]>([
  [{ i18n: { zh_cn: [entry] } }, []],
  [{ variables: [] }, []],
  [[], [`error ${SCHEMA}`]],
  [{}, [`warning ${SCHEMA}`]],
  [{ ...EXTENSION, more: 1 }, [`warning ${SCHEMA}`]],
  [{ variables: 'x' }, [`error ${SCHEMA}`]],
  [{ i18n: [] }, [`error ${SCHEMA}`]],
  [{ i18n: { de_de: [] } }, [`error ${SCHEMA}`]],
  [{ i18n: { zh_cn: {} } }, [`error ${SCHEMA}`]],
  [{ i18n: { zh_cn: ['x'] } }, [`error ${SCHEMA}`]],
  [{ i18n: { zh_cn: [{ localization: {} }] } }, [`error ${SCHEMA}`]],
  [{ i18n: { zh_cn: [{ ...entry, variable_name: 7 }] } }, [`error ${SCHEMA}`]],
  [{ i18n: { zh_cn: [{ localization: {}, variable_name: 'ecs_name' }] } }, [`warning ${SCHEMA}`]],
  [{ i18n: { zh_cn: [{ variable_name: 'ecs_name' }] } }, [`warning ${SCHEMA}`]],
  [{ i18n: { zh_cn: [{ ...entry, localization: [] }] } }, [`error ${SCHEMA}`]],
  [{ i18n: { zh_cn: [{ ...entry, localization: { description: 1 } }] } }, [`error ${SCHEMA}`]],
  [{ i18n: { zh_cn: [{ ...entry, localization: { title: 'x' } }] } }, [`warning ${SCHEMA}`]],
  [{ i18n: { zh_cn: [{ ...entry, variable_name: 'name' }] } }, [`warning extension-variable ${FILE}:1`]],
])('%j', async (value, expected) => {
  expect(await foundIn(withJson(value))).toEqual(expected);
});

it('names the line', async () => {
  const text = JSON.stringify({ i18n: { zh_cn: [entry], de_de: [] } }, null, 2);
  const line = text.split('\n').findIndex((each) => each.includes('de_de')) + 1;
  expect(await foundIn(withText(text))).toEqual([`error extension-schema ${FILE}:${line}`]);
});

it.each<[string, string[]]>([
  ['', ['error syntax']],
  ['{', ['error syntax']],
  ['{"variables": {},}', ['error syntax']],
  ['['.repeat(50_000), ['error syntax']],
  ['\ufeff{"variables": {}}', ['warning bom']],
  ['{"__proto__": 1, "variables": {}}', ['warning extension-schema']],
])('of %j says %j', async (text, expected) => {
  const { findings } = await lintWith(withText(text));
  expect([...new Set(findings.map(({ severity, rule }) => `${severity} ${rule}`))]).toEqual(expected);
});
