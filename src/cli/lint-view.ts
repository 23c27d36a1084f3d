/** What a linter of templates found, for people. */
import type { Finding } from '../koogallery/template/finding.ts';
import type { LintReport } from '../koogallery/template/lint-template.ts';
import { inLine } from '../printable.ts';
import { plural } from '../text.ts';
import { print, say } from './output.ts';

const WORDS = { error: 'FAIL', warning: 'WARN' } as const;

export async function printLint(report: LintReport): Promise<void> {
  for (const finding of report.findings) await print(renderFinding(finding, report.file));
  say(verdictOf(report));
}

function renderFinding({ file, line, rule, severity, message, fix, source }: Finding, zip: string): string {
  const place = inLine([file ?? zip, ...(line === undefined ? [] : [line])].join(':'));
  return `${WORDS[severity]}  ${place}  ${rule}: ${message}\n      → ${fix} (${source})`;
}

function verdictOf({ content, counts, hasPassed }: LintReport): string {
  const found = `${plural(counts.error, 'error')}, ${plural(counts.warning, 'warning')}`;
  const size =
    content === undefined ? '' : `; ${plural(content.files, 'file')}, ${content.unpackedBytes} bytes`;
  return `${hasPassed ? 'PASSED' : 'FAILED'} (RFS rules): ${found}${size}. Whether the marketplace accepts it, its review says. Sources: docs/koogallery-sources.md.`;
}
