/** RFS rules about the root module as a whole: what buyers are asked for, and that a version is named. Pure. */
import { quoted } from '../../printable.ts';
import { doubt, type Finding, problem } from './finding.ts';
import type { TfBlock, TfFile } from './terraform/tf-file.ts';

interface Placed {
  file: string;
  block: TfBlock;
}

const REGION = /^region$/i;
const MAYBE_REGION = /(^|[_-])region([_-]|$)/i;

/** @param files of the root module */
export function checkRoot(files: readonly TfFile[]): Finding[] {
  const blocks = files.flatMap(({ path: file, blocks }) => blocks.map((block) => ({ file, block })));
  return [...checkRegion(blocks), ...checkVersions(blocks)];
}

export function variablesOf(files: readonly TfFile[]): ReadonlySet<string> {
  const variables = files.flatMap(({ blocks }) => blocks.filter(({ type }) => type === 'variable'));
  return new Set(variables.flatMap(({ labels: [name] }) => name ?? []));
}

function checkRegion(blocks: readonly Placed[]): Finding[] {
  const given = new Set(blocks.flatMap(({ block }) => regionVariable(block) ?? []));
  return blocks.flatMap(({ file, block: { type, labels, line } }) => {
    const [name = ''] = labels;
    if (type !== 'variable') return [];
    if (given.has(name))
      return [problem('region-variable', `${quoted(name)} is the region of a provider.`, { file, line })];
    if (REGION.test(name))
      return [problem('region-variable', `There is a variable ${quoted(name)}.`, { file, line })];
    return MAYBE_REGION.test(name)
      ? [doubt('region-variable', `${quoted(name)} may ask buyers for a region.`, { file, line })]
      : [];
  });
}

/** The variable that a provider's region is. */
function regionVariable({ type, attributes }: TfBlock): string | undefined {
  if (type !== 'provider') return undefined;
  return attributes.find(({ name }) => name === 'region')?.value.variable;
}

function checkVersions(blocks: readonly Placed[]): Finding[] {
  const required = blocks
    .filter(({ block }) => block.type === 'terraform')
    .flatMap(({ block }) => block.blocks.filter(({ type }) => type === 'required_providers'));
  const names = required.flatMap(({ attributes }) => attributes);
  const hasOurs = names.some(
    ({ name, value }) =>
      name === 'huaweicloud' ||
      value.members?.some(({ value: { text } }) => text?.endsWith('/huaweicloud') === true),
  );
  return hasOurs ? [] : [doubt('provider-version', 'No required_providers names huaweicloud.')];
}
