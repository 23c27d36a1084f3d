/** The report of a probe for people: a table for each activity, then what is wrong, and the verdict. */
import type { ActivityReport, CheckLine, ProbeReport } from '../sandbox/koogallery/report.ts';
import { plural, renderTable } from '../text.ts';
import { print, say } from './output.ts';

const WORDS = { pass: 'ok', warn: 'WARN', fail: 'FAIL' } as const;

export async function printProbe(report: ProbeReport): Promise<void> {
  for (const activity of report.activities) await print(`${renderActivity(activity)}\n`);
  for (const { orderId, instanceId, state } of report.orders)
    await print(`order ${orderId}: ${instanceId}, ${state}`);
  if (report.stopped !== undefined) say(`Stopped early: ${report.stopped}.`);
  say(verdictOf(report));
}

function renderActivity({ activity, calls, checks }: ActivityReport): string {
  const title = calls === 0 ? activity : `${activity}  ${plural(calls, 'call')}`;
  return `${title}\n${renderTable(checks.map(cellsOf))}`;
}

function cellsOf({ result, title, passed, times, came, expected, source }: CheckLine): string[] {
  const cells = [`  ${WORDS[result]}`, title, `${passed}/${times}`, source];
  return result === 'pass' ? [...cells, ''] : [...cells, `came: ${came.join(' | ')}; expected: ${expected}`];
}

function verdictOf({ counts, calls, slowestMs, hasPassed, mode }: ProbeReport): string {
  const facts = `${plural(calls, 'call')}, slowest answer ${slowestMs} ms`;
  const found = `${counts.fail} failed, ${plural(counts.warn, 'warning')}, ${counts.pass} passed`;
  return `${hasPassed ? 'PASSED' : 'FAILED'} (${mode}): ${found}; ${facts}. Sources: docs/koogallery-sources.md.`;
}
