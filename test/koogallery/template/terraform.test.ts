// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform.
/** Each rule about what Terraform files say: a package that breaks it and no other. */
import { expect, it } from 'vitest';
import { CLEAN, type Files, foundIn, lintWith } from '../../support/koogallery/template.ts';

const inMain = (text: string): Files => ({ 'main.tf': text });
const inJson = (value: unknown): Files => ({ 'a.tf.json': JSON.stringify(value, null, 1) });
const resource = (body: string) => inMain(`resource "huaweicloud_vpc" "a" {\n${body}\n}\n`);

it.each<[string, Files, string[]]>([
  [
    'a banned resource',
    inMain('\nresource "huaweicloud_kps_keypair" "a" {}\n'),
    ['error banned-resource main.tf:2'],
  ],
  [
    'a banned resource in JSON',
    inJson({ resource: { huaweicloud_compute_keypair: { a: [{}, {}] } } }),
    ['error banned-resource a.tf.json:5', 'error banned-resource a.tf.json:6'],
  ],
  [
    'a resource that the Chinese page bans',
    inMain('resource "huaweicloud_vod_media_asset" "a" {}'),
    ['warning banned-resource main.tf:1'],
  ],
  ['data of a banned name', inMain('data "huaweicloud_kps_keypair" "a" {}'), []],
  [
    'a banned resource in a module',
    { 'modules/vpc/main.tf': 'resource huaweicloud_obs_bucket_object a {}' },
    ['error banned-resource modules/vpc/main.tf:1'],
  ],
  ['a provisioner', resource('  provisioner "local-exec" {\n  }'), ['error provisioner main.tf:2']],
  [
    'a provisioner in JSON',
    inJson({ resource: { null_resource: { a: { provisioner: [{ 'local-exec': {} }] } } } }),
    ['error provisioner a.tf.json:7'],
  ],
  [
    'a provisioner of what is removed',
    inMain('removed {\n  from = huaweicloud_vpc.a\n  provisioner "local-exec" {}\n}'),
    ['error provisioner main.tf:3'],
  ],
  [
    'the same in JSON',
    inJson({ removed: { from: 'huaweicloud_vpc.a', provisioner: { 'local-exec': {} } } }),
    ['error provisioner a.tf.json:5'],
  ],
  ['a provisioner that is no block', resource('  tags = { provisioner = "x" }'), []],
  ['a backend', inMain('terraform {\n  backend "s3" {}\n}'), ['error backend main.tf:2']],
  ['a cloud block', inMain('terraform {\n  cloud {}\n}'), ['error backend main.tf:2']],
  [
    'a backend in JSON',
    inJson({ '//': 'file("x")', terraform: { backend: { s3: {} } } }),
    ['error backend a.tf.json:5'],
  ],
  ['a variable region', { 'r.tf': 'variable "Region" {}' }, ['error region-variable r.tf:1']],
  ['a variable like region', { 'r.tf': 'variable "region_id" {}' }, ['warning region-variable r.tf:1']],
  ['a variable like no region', { 'r.tf': 'variable "regional" {}' }, []],
  [
    'a variable that a provider takes for its region',
    {
      'r.tf': 'variable "place" {}',
      'providers.tf': 'provider "huaweicloud" {\n  region = "${var.place}"\n}',
    },
    ['error region-variable r.tf:1'],
  ],
  [
    'the same in JSON',
    inJson({ variable: { place: {} }, provider: { huaweicloud: [{ region: '${var.place}' }] } }),
    ['error region-variable a.tf.json:3'],
  ],
  ['a region variable of a module', { 'modules/vpc/r.tf': 'variable "region" {}' }, []],
])('%s', async (_name, changes, expected) => {
  expect(await foundIn(changes)).toEqual(expected);
});

const required = (version: string): Files => ({
  'versions.tf': `terraform {\n  required_providers {\n    huaweicloud = { version = "${version}" }\n    random = "3.1.0"\n  }\n}`,
});

it.each<[Files, string[]]>([
  [required('>= 1.56.0'), []],
  [required('>=1.56, < 2.0.0'), []],
  [required('1.56.0'), ['warning provider-version versions.tf:3']],
  [required('~> 1.56'), ['warning provider-version versions.tf:3']],
  [required('>= 1.56.0, = 1.60.0'), ['warning provider-version versions.tf:3']],
  [required('>= latest'), ['warning provider-version versions.tf:3']],
  [{ 'versions.tf': 'terraform {}' }, ['warning provider-version']],
  [
    {
      'versions.tf':
        'terraform {\n  required_providers {\n    hw = { source = "huaweicloud/huaweicloud" }\n  }\n}',
    },
    ['warning provider-version versions.tf:3'],
  ],
])('%# version', async (changes, expected) => {
  expect(await foundIn(changes)).toEqual(expected);
});

it.each<[string, string[]]>([
  ['a = file("x")', ['banned-function main.tf:1']],
  ['a = "${file("x")}"', ['banned-function main.tf:1']],
  ['a = "$${file(x)}"', []],
  ['a = "%{ if fileexists("x") }y%{ endif }"', ['banned-function main.tf:1']],
  ['a = <<EOT\nfile("x")\n${upper(templatefile("x", {}))}\nEOT', ['banned-function main.tf:3']],
  [
    'a = [for x in [1] : { (basename("x")) = dirname("y") } if true]',
    ['banned-function main.tf:1', 'banned-function main.tf:1'],
  ],
  ['a = core::abspath(".")', ['banned-function main.tf:1']],
  ['a = provider::local::file("x")', []],
  ['a = { file = 1 }.file', []],
  ['a = "file(1)" # file(2)', []],
  ['a = filebase64sha512 ("x")', ['banned-function main.tf:1']],
  ['a = nonsensitive(1)', ['nonsensitive main.tf:1']],
])('functions of %j', async (text, expected) => {
  const found = await foundIn(inMain(`locals {${text}\n}`));
  expect(found.map((each) => each.replace(/^\w+ /, ''))).toEqual(expected);
});

it.each<[unknown, string[]]>([
  [{ locals: { a: '${file("x")}' } }, ['error banned-function a.tf.json:3']],
  [{ locals: { a: 'file("x")' } }, []],
  [{ locals: { a: '$${file("x")}' } }, []],
  [{ locals: { '//': '${file("x")}' } }, []],
  [{ locals: { a: [{ '${pathexpand("x")}': 1 }] } }, ['error banned-function a.tf.json:5']],
  [{ locals: { a: 'END\n${fileset(".", "END")}\n' } }, ['error banned-function a.tf.json:3']],
  [{ variable: { a: { default: '${file("x")}' } } }, []],
  [{ locals: { a: '${file(' } }, ['error syntax a.tf.json:3']],
  [
    { output: { a: { description: '${file("x")}', value: '${filemd5("x")}' } } },
    ['error banned-function a.tf.json:5'],
  ],
  [[{ locals: { a: '${file("x")}' } }], ['error banned-function a.tf.json:4']],
])('functions in JSON of %j', async (value, expected) => {
  expect(await foundIn(inJson(value))).toEqual(expected);
});

it.each<[string, Files, string[]]>([
  ['half a block', { 'a.tf': '\nresource "a" "b" {\n' }, ['error syntax a.tf:3']],
  ['half a JSON', { 'a.tf.json': '{\n"locals": ' }, ['error syntax a.tf.json:2', 'error syntax a.tf.json:2']],
  ['JSON of nothing', { 'a.tf.json': '7' }, ['error syntax a.tf.json:1']],
  ['JSON with comments', { 'a.tf.json': '{} // x' }, ['error syntax a.tf.json:1']],
  ['JSON that is too deep', { 'a.tf.json': '['.repeat(100_000) }, ['error syntax a.tf.json:1']],
  ['blocks that are too deep', { 'a.tf': 'a {\n'.repeat(200) + '}\n'.repeat(200) }, ['error syntax a.tf:62']],
  ['values that are too deep', { 'a.tf': `locals {\na = ${'['.repeat(5000)}${']'.repeat(5000)}\n}` }, []],
  [
    'a call before a mistake',
    { 'a.tf': 'locals {\n a = file("x")\n}\na {' },
    ['error banned-function a.tf:2', 'error syntax a.tf:4'],
  ],
])('%s', async (_name, changes, expected) => {
  expect(await foundIn(changes)).toEqual(expected);
});

const VALID = `locals {
  a = <<-EOT
    x %{~ for k, v in { a = 1 } ~} \${~ k ~} %{ endfor }
    %{ if true ~} file("x")
      line %{ else } y
    %{ endif }
  EOT
  b = join("", [<<A
x
A
  , "y"])
  c = var.list[*].id
  d = var.a ? (
    1
  ) : 2
  e = { for k, v in var.m : k => v... if v != null } # file("x")
  f = [for v in var.l : v /* file("x") */]
  g = !true && -1 < 2 || 3 % 2 == 1.5e-3
  h = "a\\"b \${"nested \${"deep"}"} %%{literal}"
  i = { (var.k) = 1, "q" = 2, r : 3
    s = var.x.0.y }
  合 = upper(var.l...)
}
variable "v" { type = object({ a = optional(string, "x"), b = list(number) }) }
/* two
lines */ resource "huaweicloud_vpc" "c" {
  for_each = toset(["x"])

  dynamic "x" {
    for_each = []
    content {}
  }
} // end
`;

it.each([VALID, VALID.replaceAll('\n', '\r\n')])('reads everything that Terraform reads', async (text) => {
  expect(await foundIn({ 'a.tf': text })).toEqual([]);
});

it('says where, what and what to do', async () => {
  const { findings } = await lintWith(inMain(`${CLEAN['main.tf']}\nlocals {\n  a = file("x")\n}\n`));
  expect(findings).toEqual([
    {
      ...{ file: 'main.tf', line: 20, rule: 'banned-function', severity: 'error' },
      message: 'RFS bans file().',
      fix: 'Write the text into the template itself, or hand it over as a variable.',
      source: 'RFS constraints',
    },
  ]);
});

it('is not kept busy by a text that has the end of every other one in it', async () => {
  const began = performance.now();
  const text = `\${a}END${'D'.repeat(200_000)}`;
  await lintWith(inJson({ resource: { huaweicloud_vpc: { a: { x: text } } } }));
  // It took more than 20 s, and minutes at the size that a package may have.
  expect(performance.now() - began).toBeLessThan(5_000);
});
