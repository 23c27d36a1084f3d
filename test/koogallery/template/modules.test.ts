// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform.
import { expect, it } from 'vitest';
import { type Files, foundIn, lintWith } from '../../support/koogallery/template.ts';

const call = (source: string, name = 'm') => `module "${name}" {\n  source = "${source}"\n}\n`;
const calls = (count: number, source: string) =>
  Array.from({ length: count }, (_, index) => call(source, `m${index}`)).join('');

it.each<[string, Files, string[]]>([
  ['of the registry', { 'main.tf': call('hashicorp/consul/aws') }, ['error module-source main.tf:1']],
  [
    'of a repository',
    { 'main.tf': call('git::https://example.com/vpc.git') },
    ['error module-source main.tf:1'],
  ],
  [
    'of RFS',
    { 'main.tf': call('rf://rfs.cn-north-4.myhuaweicloud.com/private/a/b') },
    ['error module-source main.tf:1'],
  ],
  ['with an absolute path', { 'main.tf': call('/modules/vpc') }, ['error module-source main.tf:1']],
  ['without the dot', { 'main.tf': call('modules/vpc') }, ['error module-source main.tf:1']],
  ['that is computed', { 'main.tf': call('./${var.ecs_name}') }, ['error module-source main.tf:1']],
  ['without a source', { 'main.tf': 'module "m" {}' }, ['error module-source main.tf:1']],
  ['outside', { 'main.tf': call('./../vpc') }, ['error module-source main.tf:1']],
  ['that is not there', { 'main.tf': call('./modules/vcp') }, ['error module-source main.tf:1']],
  ['with a slash at the end', { 'main.tf': call('./modules//vpc/') }, []],
  [
    'that calls itself',
    { 'modules/vpc/main.tf': call('../vpc') },
    ['error module-nesting modules/vpc/main.tf:1'],
  ],
  [
    'that calls the root',
    { 'modules/vpc/main.tf': call('../..') },
    ['error module-nesting modules/vpc/main.tf:1'],
  ],
  [
    'three levels down',
    { 'modules/vpc/main.tf': call('../a'), 'modules/a/a.tf': call('../b'), 'modules/b/b.tf': '' },
    [],
  ],
  [
    'four levels down',
    {
      'modules/vpc/main.tf': call('../a'),
      'modules/a/a.tf': call('../b'),
      'modules/b/b.tf': call('../c'),
      'modules/c/c.tf': '',
    },
    ['error module-nesting modules/b/b.tf:1'],
  ],
  ['25 times', { 'more.tf': calls(24, './modules/vpc') }, []],
  ['26 times', { 'more.tf': calls(25, './modules/vpc') }, ['error module-count']],
  [
    '26 times by being called 13 times',
    { 'main.tf': calls(13, './modules/vpc'), 'modules/vpc/main.tf': call('../a'), 'modules/a/a.tf': '' },
    ['error module-count'],
  ],
  [
    'in JSON',
    { 'a.tf.json': JSON.stringify({ module: { m: { source: 'x/y/z' } } }) },
    ['error module-source a.tf.json:1'],
  ],
])('a module %s', async (_name, changes, expected) => {
  expect(await foundIn(changes)).toEqual(expected);
});

it('ends where modules multiply', async () => {
  const many = {
    'main.tf': calls(300, './modules/vpc'),
    'modules/vpc/main.tf': calls(300, '../a'),
    'modules/a/a.tf': calls(300, '../b'),
    'modules/b/b.tf': '',
  };
  const { findings } = await lintWith(many);
  expect(findings).toMatchObject([
    { rule: 'module-count', message: expect.stringContaining('more than 1000') },
  ]);
});

it('does not show the password of a repository', async () => {
  const report = await lintWith({ 'main.tf': call('git::https://me:p4ssw0rd@example.com/vpc.git') });
  expect(report.findings[0]?.message).toContain('git::https://…@example.com');
  expect(JSON.stringify(report)).not.toContain('p4ssw0rd');
});
