/** RFS rules about what Terraform files say, each on its own. Pure. */
import { quoted } from '../../printable.ts';
import { BANNED_FUNCTIONS, BANNED_RESOURCES, DOUBTFUL_RESOURCES } from './banned.ts';
import { doubt, type Finding, type Place, problem } from './finding.ts';
import type { TfBlock, TfCall, TfFile, TfMember } from './terraform/tf-file.ts';

export function checkTerraform(file: TfFile): Finding[] {
  const at = ({ line }: { line: number }): Place => ({ file: file.path, line });
  return [
    ...file.problems.map((found) =>
      problem('syntax', `${found.message}; what is here may not have been checked.`, at(found)),
    ),
    ...file.blocks.flatMap((block) => checkBlock(block, at)),
    ...file.calls.flatMap((call) => checkCall(call, at(call))),
  ];
}

type At = (found: { line: number }) => Place;

function checkBlock(block: TfBlock, at: At): Finding[] {
  // What is removed from the configuration may run them once more.
  if (block.type === 'removed') return checkProvisioners(block, at);
  if (block.type === 'resource') return checkResource(block, at);
  if (block.type !== 'terraform') return [];
  return block.blocks.flatMap((inner) => {
    if (inner.type === 'required_providers')
      return inner.attributes.flatMap((each) => checkVersion(each, at));
    return inner.type === 'backend' || inner.type === 'cloud'
      ? [problem('backend', `RFS takes no ${inner.type} block.`, at(inner))]
      : [];
  });
}

function checkResource(block: TfBlock, at: At): Finding[] {
  const [type = ''] = block.labels;
  const found = checkProvisioners(block, at);
  if (BANNED_RESOURCES.has(type)) found.push(problem('banned-resource', `RFS bans ${type}.`, at(block)));
  else if (DOUBTFUL_RESOURCES.test(type))
    found.push(
      doubt(
        'banned-resource',
        `The Chinese page of RFS bans ${type}, the international one does not.`,
        at(block),
      ),
    );
  return found;
}

function checkProvisioners(block: TfBlock, at: At): Finding[] {
  return block.blocks
    .filter((inner) => inner.type === 'provisioner')
    .map((inner) => problem('provisioner', 'RFS runs no provisioners.', at(inner)));
}

/** A provider's own functions have names with its own name before them; `core::` is Terraform's. */
function checkCall({ name }: TfCall, place: Place): Finding[] {
  const plain = name.replace(/^core::/, '');
  if (BANNED_FUNCTIONS.has(plain)) return [problem('banned-function', `RFS bans ${plain}().`, place)];
  if (plain !== 'nonsensitive') return [];
  return [doubt('nonsensitive', 'nonsensitive() may show a secret as plain text.', place)];
}

const AT_LEAST = /^>=\s*v?\d+(\.\d+){0,2}(-[\w.]+)?$/;
const BELOW = /^(<=?|!=)\s*v?\d+(\.\d+){0,2}(-[\w.]+)?$/;

/** The page only recommends it, so it is never more than doubtful. */
function checkVersion({ name, line, value }: TfMember, at: At): Finding[] {
  const source = value.members?.find((each) => each.name === 'source')?.value.text ?? '';
  if (name !== 'huaweicloud' && !source.endsWith('/huaweicloud')) return [];
  const version = value.members === undefined ? value.text : findVersion(value.members);
  if (version === undefined)
    return [doubt('provider-version', `${quoted(name)} has no version that is known here.`, at({ line }))];
  const [first = '', ...others] = version.split(',').map((each) => each.trim());
  if (AT_LEAST.test(first) && others.every((each) => BELOW.test(each))) return [];
  return [doubt('provider-version', `The version ${quoted(version)} does not begin with >=.`, at({ line }))];
}

const findVersion = (members: readonly TfMember[]) =>
  members.find((each) => each.name === 'version')?.value.text;
