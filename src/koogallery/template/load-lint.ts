/** The parsers are large, and few people have templates: they are optional packages, loaded when they are asked for. */
import { AppError } from '../../errors.ts';
import type { LintReport } from './lint-template.ts';

const MISSING =
  'The parsers of templates are not installed: web-tree-sitter, @tree-sitter-grammars/tree-sitter-hcl and jsonc-parser.';
const HINT = 'Install with the optional packages: `npm install --include=optional`.';

/** @throws AppError CONFIG_INVALID if the parsers are not installed, INPUT_UNREADABLE if there is no such file */
export async function lintTemplate(file: string): Promise<LintReport> {
  try {
    const lint = await import('./lint-template.ts');
    return await lint.lintTemplate(file);
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (!/^(ERR_)?MODULE_NOT_FOUND$/.test(code)) throw cause;
    throw new AppError('CONFIG_INVALID', MISSING, { hint: HINT, cause });
  }
}
