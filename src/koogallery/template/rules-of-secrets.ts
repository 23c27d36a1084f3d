/** No secret may be in a package that every buyer gets: neither as a value, nor in any text. Findings never repeat it. Pure. */
import { doubt, type Finding, problem } from './finding.ts';
import type { TemplateFile } from './template-package.ts';
import type { TfBlock, TfFile, TfMember, TfValue } from './terraform/tf-file.ts';

const SECRET_NAME =
  /(^|_)(ak|sk|access_?key(_id)?|secret(_?key|_access_key)?|security_?token|(admin_?)?pass(word|wd|phrase)?|pwd|private_?key|token)$/;
/** What such a name may be set to without being a secret. */
const NO_SECRET = /^(|true|false|null)$/;

const isSecretName = (name: string) =>
  SECRET_NAME.test(
    name
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replaceAll('-', '_')
      .toLowerCase(),
  );

const KEY_SHAPES: readonly [what: string, shape: RegExp][] = [
  ['a private key', /-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----/],
  ['an access key', /\b((AKIA|ASIA|HPUA)[A-Z0-9]{16}|LTAI[A-Za-z0-9]{12,24})\b/],
  [
    'an access key or its secret',
    /(?<![A-Za-z0-9])(ak|sk|access[_-]?key([_-]?id)?|secret([_-]?access)?[_-]?key|security[_-]?token)["']?\s*[:=]\s*["']?(?=[A-Za-z/+]*\d)(?=[\d/+]*[A-Za-z])[A-Za-z0-9/+]{20,}/i,
  ],
];
/** Twenty capital letters and digits, as access keys of Huawei Cloud are. */
const MAYBE_KEY = /\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{20}\b/;

/** @param tf those of the files that could be read as Terraform */
export function checkSecrets(files: readonly TemplateFile[], tf: readonly TfFile[]): Finding[] {
  const found = [
    ...files.flatMap(({ path, text = '' }) => checkText(path, text)),
    ...tf.flatMap(({ path, blocks }) => blocks.flatMap((block) => checkBlock(path, block))),
  ];
  // What is certain of a line says more than what is not.
  found.sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
  const first = new Map<string, Finding>();
  for (const each of found) {
    const place = `${each.line}:${each.file}`;
    if (!first.has(place)) first.set(place, each);
  }
  return [...first.values()];
}

function checkText(file: string, text: string): Finding[] {
  return text.split('\n').flatMap((content, index) => {
    const place = { file, line: index + 1 };
    const known = KEY_SHAPES.find(([, shape]) => shape.test(content));
    if (known !== undefined) return [problem('secret', `This is ${known[0]}.`, place)];
    return MAYBE_KEY.test(content) ? [doubt('secret', 'This looks like an access key.', place)] : [];
  });
}

/** Wherever its keys come from: whoever deploys the template has none to give. */
const PROVIDER_KEYS = ['access_key', 'secret_key', 'security_token'];

function checkBlock(file: string, block: TfBlock): Finding[] {
  const [label = ''] = block.labels;
  const keys = block.type === 'provider' ? PROVIDER_KEYS : [];
  const holdsSecret = block.type === 'variable' && isSecretName(label);
  const given = block.attributes.filter(({ name }) => keys.includes(name));
  const found = given.map(({ name, line }) =>
    problem('secret', `A provider must not have ${name}.`, { file, line }),
  );
  const own = block.attributes.flatMap((member) =>
    holdsSecret && member.name === 'default' && isConstant(member.value)
      ? [problem('secret', `The default of ${label} is in the package.`, { file, line: member.line })]
      : checkMember(file, member),
  );
  return [...found, ...own, ...block.blocks.flatMap((inner) => checkBlock(file, inner))];
}

function checkMember(file: string, { name, line, value }: TfMember): Finding[] {
  if (isSecretName(name) && isConstant(value))
    return [problem('secret', `The value of ${name} is in the package.`, { file, line })];
  return checkValue(file, value);
}

function checkValue(file: string, { members = [], items = [] }: TfValue): Finding[] {
  return [
    ...members.flatMap((member) => checkMember(file, member)),
    ...items.flatMap((item) => checkValue(file, item)),
  ];
}

const isConstant = ({ text = '' }: TfValue) => !NO_SECRET.test(text.trim());
