/** What a linter of RFS templates can find, and what to do about it. Pure. */

/** A row of docs/koogallery-sources.md. */
type Source = 'RFS constraints' | 'RFS packages' | 'RFS extension' | 'auto-deploy templates';

interface RuleFacts {
  /** What to do, for the person who wrote the template. */
  fix: string;
  source: Source;
}

export const RULES = {
  format: {
    fix: 'Pack the template as a zip whose name ends in .zip. The marketplace takes tar and tar.gz too, but only as software packages; RFS takes no template but a zip.',
    source: 'RFS packages',
  },
  archive: { fix: 'Pack it again with an ordinary zip program, without a password.', source: 'RFS packages' },
  'packed-size': { fix: 'Leave out what deploys nothing; RFS takes at most 1 MB.', source: 'RFS packages' },
  'unpacked-size': {
    fix: 'Leave out what deploys nothing; unpacked, RFS takes at most 1 MB.',
    source: 'RFS packages',
  },
  'file-count': {
    fix: 'Leave out what deploys nothing; RFS takes at most 100 files.',
    source: 'RFS packages',
  },
  'file-name': {
    fix: 'Pack ordinary files under relative names, each once and inside the package.',
    source: 'RFS packages',
  },
  'root-folder': {
    fix: 'Pack what is in the folder, not the folder: main.tf and .extension belong at the root of the zip.',
    source: 'auto-deploy templates',
  },
  'required-file': {
    fix: 'Add it at the root of the zip: a template has .extension, main.tf, outputs.tf, providers.tf, variables.tf and versions.tf (or .tf.json).',
    source: 'auto-deploy templates',
  },
  tfvars: {
    fix: 'Leave it out, and give the variables defaults: buyers fill in the rest.',
    source: 'RFS packages',
  },
  encoding: { fix: 'Save it as UTF-8, or leave it out if it is no text.', source: 'RFS packages' },
  bom: { fix: 'Save it as UTF-8 without a byte order mark.', source: 'RFS packages' },
  syntax: { fix: 'Correct it; `terraform validate` says more.', source: 'RFS packages' },
  'extension-file': {
    fix: 'Keep exactly one file whose name ends in .rfs.json, directly in .extension.',
    source: 'RFS extension',
  },
  'extension-schema': {
    fix: 'Write {"i18n": {"zh_cn": [{"variable_name": …, "localization": {…}}], "en_us": […]}, "variables": …}.',
    source: 'RFS extension',
  },
  'extension-variable': {
    fix: 'Name a variable that the template declares, or remove the entry.',
    source: 'RFS extension',
  },
  'banned-resource': { fix: 'Do without it: RFS does not create it.', source: 'RFS constraints' },
  'banned-function': {
    fix: 'Write the text into the template itself, or hand it over as a variable.',
    source: 'RFS constraints',
  },
  nonsensitive: {
    fix: 'Do not show it, or only encoded, such as nonsensitive(sha256(…)).',
    source: 'RFS constraints',
  },
  provisioner: {
    fix: 'Remove it; use user_data of the server, or FunctionGraph.',
    source: 'RFS constraints',
  },
  backend: { fix: 'Remove the block: RFS keeps the state.', source: 'RFS constraints' },
  'module-source': {
    fix: 'Put the module into the package, and write its folder as ./ or ../ from here.',
    source: 'RFS constraints',
  },
  'module-count': { fix: 'Merge modules; RFS takes at most 25.', source: 'RFS constraints' },
  'module-nesting': {
    fix: 'Call the module from further up; RFS takes at most 3 levels.',
    source: 'RFS constraints',
  },
  'region-variable': {
    fix: 'Remove it: buyers choose the region when they deploy, and deployment fails if they choose twice.',
    source: 'auto-deploy templates',
  },
  secret: {
    fix: 'Remove it, and revoke it if it was real: every buyer can read the package. RFS has credentials of its own.',
    source: 'auto-deploy templates',
  },
  'provider-version': {
    fix: 'Write version = ">= 1.56.0", with the version that you need.',
    source: 'auto-deploy templates',
  },
} as const satisfies Record<string, RuleFacts>;

export type Rule = keyof typeof RULES;

/** Where something is; without a file it is about the package, without a line about the whole file. */
export interface Place {
  /** As the zip names it. */
  file?: string;
  /** From 1. */
  line?: number;
}

export interface Finding extends Place {
  rule: Rule;
  /** A warning is what the pages advise against, contradict each other about, or what only looks wrong. */
  severity: 'error' | 'warning';
  message: string;
  fix: string;
  source: Source;
}

export function problem(rule: Rule, message: string, place: Place = {}): Finding {
  return { ...place, rule, severity: 'error', message, ...RULES[rule] };
}

export function doubt(rule: Rule, message: string, place: Place = {}): Finding {
  return { ...problem(rule, message, place), severity: 'warning' };
}
