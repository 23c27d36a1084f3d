// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform.
import { expect, it } from 'vitest';
import { describe, type Files, lintWith } from '../../support/koogallery/template.ts';

/** Of the shape that Huawei Cloud gives out; nobody's. */
const AK = 'QZ7XK2M9PL4RT8VW1YB5';
const SK = 'h8Jk2LmN4pQr6StU8vWx0YzA2bCd4EfG6hIj8KlM';

it.each<[string, Files, string[]]>([
  [
    'a key of a provider',
    { 'providers.tf': 'provider "huaweicloud" {\n  access_key = var.ecs_name\n}' },
    ['error secret providers.tf:2'],
  ],
  [
    'a key in JSON',
    { 'p.tf.json': JSON.stringify({ provider: { huaweicloud: { secret_key: SK } } }, null, 1) },
    ['error secret p.tf.json:4'],
  ],
  [
    'the default of a variable',
    { 'v.tf': 'variable "admin_password" {\n  default = "Secret@123"\n}' },
    ['error secret v.tf:2'],
  ],
  ['no default of a variable', { 'v.tf': 'variable "admin_password" {\n  default = null\n}' }, []],
  [
    'a password',
    { 'r.tf': 'resource "huaweicloud_rds_instance" "a" {\n  db {\n    password = "Secret@123"\n  }\n}' },
    ['error secret r.tf:3'],
  ],
  [
    'a password in a list of objects',
    { 'r.tf': 'locals {\n  users = [{\n    adminPass = "Secret@123" }]\n}' },
    ['error secret r.tf:3'],
  ],
  ['a password in a heredoc', { 'r.tf': 'locals {\n  pwd = <<E\nSecret@123\nE\n}' }, ['error secret r.tf:2']],
  [
    'a password from elsewhere',
    { 'r.tf': 'locals {\n  password = var.password\n  token = "${var.password}"\n}' },
    [],
  ],
  ['a flag', { 'r.tf': 'locals {\n  enable_password = true\n}' }, []],
  ['a key in a comment', { 'r.tf': `# ${AK}` }, ['warning secret r.tf:1']],
  [
    'a key in a script',
    { 'docs/install.sh': `export HW_ACCESS_KEY="${AK}"\nexport SK=${SK}` },
    ['error secret docs/install.sh:1', 'error secret docs/install.sh:2'],
  ],
  ['a key of another cloud', { 'README.md': 'LTAI5tAbCdEfGhIjKlMnOpQr' }, ['error secret README.md:1']],
  ['a private key', { 'a.pem': '-----BEGIN RSA PRIVATE KEY-----\nMII' }, ['error secret a.pem:1']],
  ['a checksum', { 'README.md': `sha1 ${'0a1b'.repeat(10)}\nAAAAAAAAAAAAAAAAAAAA\n` }, []],
  [
    'names of keys',
    { 'README.md': 'access_key = var.access_key, secret_key: huaweicloud_identity_access_key' },
    [],
  ],
])('%s', async (_name, changes, expected) => {
  const report = await lintWith(changes);
  expect(describe(report)).toEqual(expected);
  expect(JSON.stringify(report)).not.toMatch(new RegExp(`${AK}|${SK}|Secret@123`));
});
