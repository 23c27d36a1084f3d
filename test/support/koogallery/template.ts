// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform.
/** Packages of RFS templates: one that keeps every rule, and changes of it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { lintTemplate } from '../../../src/koogallery/template/load-lint.ts';
import { makeZip, type ZipPart } from '../zip.ts';

/** Files by name; undefined takes one away. */
export type Files = Record<string, string | Buffer | undefined>;

const text = (name: string) => ({
  variable_name: name,
  localization: { variable_name: name, description: name, type: 'string' },
});

export const EXTENSION = {
  i18n: { zh_cn: [text('ecs_name')], en_us: [text('ecs_name')] },
  variables: {},
};

/** Everything that looks like a mistake, and is none. */
export const CLEAN: Files = {
  '.extension/template.rfs.json': JSON.stringify(EXTENSION, null, 2),
  'main.tf': `# file("comment") and templatefile("x", {}) are not called
/* abspath(".") */
resource "huaweicloud_compute_instance" "web" { // basename("x")
  name      = "\${var.ecs_name}-file(1)"
  user_data = <<-EOT
    #!/bin/sh
    echo 'file("/etc/hosts") and $\${fileexists("x")}' > /tmp/dirname
    echo \${upper(var.ecs_name)} %{ if var.ecs_name == "" }nobody%{ endif }
  EOT
  admin_pass = var.password
  files      = { "file" = upper("x"), "path" : provider::local::direxists(".") }
}

module "vpc" {
  source = "./modules/vpc"
  name   = var.ecs_name
}
`,
  'outputs.tf': 'output "id" {\n  value = huaweicloud_compute_instance.web.id\n}\n',
  'providers.tf': 'provider "huaweicloud" {}\n',
  'variables.tf':
    'variable "ecs_name" {\n  type = string\n}\n\nvariable "password" {\n  type      = string\n  sensitive = true\n  default   = ""\n}\n',
  'versions.tf':
    'terraform {\n  required_providers {\n    huaweicloud = {\n      source  = "huaweicloud/huaweicloud"\n      version = ">= 1.56.0"\n    }\n  }\n}\n',
  'modules/vpc/main.tf':
    'variable "name" {}\n\nresource "huaweicloud_vpc" "vpc" {\n  name = var.name\n  cidr = "10.0.0.0/16"\n}\n',
  'README.md': '# 模板\n',
};

export const partsOf = (files: Files): ZipPart[] =>
  Object.entries(files).flatMap(([name, content]) => (content === undefined ? [] : { name, content }));

/** Checks bytes as the command does. @param name of the file */
export async function lintBytes(bytes: Uint8Array, name = 'template.zip') {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-template-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), bytes);
  return lintTemplate(join(folder, name));
}

/** Checks the clean package with these changes. */
export const lintWith = (changes: Files) => lintBytes(makeZip(partsOf({ ...CLEAN, ...changes })));

/** `error banned-function main.tf:3`, or without file and line where there is none. */
export async function foundIn(changes: Files): Promise<string[]> {
  return describe(await lintWith(changes));
}

export const describe = ({ findings }: Awaited<ReturnType<typeof lintBytes>>): string[] =>
  findings.map(({ severity, rule, file, line }) =>
    [severity, rule, ...(file === undefined ? [] : [line === undefined ? file : `${file}:${line}`])].join(
      ' ',
    ),
  );
