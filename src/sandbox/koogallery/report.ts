/** A probe's findings put together, one line for each check of an activity. */
import type { Generation } from '../../koogallery/protocol/intent.ts';
import { CHECKS, type CheckId, type CheckResult, type Finding } from './checks.ts';

export interface CheckLine {
  check: CheckId;
  title: string;
  result: CheckResult;
  /** Answers, or groups of answers, to which it applied. */
  times: number;
  /** How many of them were as expected. */
  passed: number;
  expected: string;
  /** What came instead: different things, the most frequent first. */
  came: string[];
  source: string;
}

export interface ActivityReport {
  activity: string;
  calls: number;
  checks: CheckLine[];
}

export interface LiveOrder {
  orderId: string;
  instanceId: string;
  /** As the marketplace believes it. */
  state: string;
}

export interface ProbeReport {
  url: string;
  generation: Generation;
  mode: 'debug' | 'live';
  startedAt: string;
  calls: number;
  /** The slowest answer, in milliseconds. */
  slowestMs: number;
  shuffle?: number;
  /** Why it ended early. */
  stopped?: string;
  activities: ActivityReport[];
  /** What a live probe has made. */
  orders: LiveOrder[];
  /** Lines by their result. */
  counts: Record<CheckResult, number>;
  hasPassed: boolean;
}

const CAME_MAX = 3;
const ORDER = Object.keys(CHECKS);
const SEVERITY: Record<CheckResult, number> = { pass: 0, warn: 1, fail: 2 };

/** Collects findings while a probe runs. @param secrets texts that no report may hold */
export class Findings {
  readonly #secrets: readonly string[];
  readonly #activities = new Map<string, { calls: number; findings: Finding[] }>();

  constructor(secrets: readonly string[] = []) {
    this.#secrets = secrets.filter((secret) => secret !== '');
  }

  add(activity: string, findings: readonly Finding[], calls = 0): void {
    const entry = this.#activities.get(activity) ?? { calls: 0, findings: [] };
    this.#activities.set(activity, entry);
    entry.calls += calls;
    entry.findings.push(...findings);
  }

  activities(): ActivityReport[] {
    return [...this.#activities].map(([activity, { calls, findings }]) => ({
      ...{ activity, calls },
      checks: linesOf(findings.map((finding) => this.#redact(finding))),
    }));
  }

  #redact(finding: Finding): Finding {
    const { came } = finding;
    if (came === undefined) return finding;
    return { ...finding, came: this.#secrets.reduce((text, secret) => text.replaceAll(secret, '…'), came) };
  }
}

export function countResults(activities: readonly ActivityReport[]): Record<CheckResult, number> {
  const counts = { pass: 0, warn: 0, fail: 0 };
  for (const { result } of activities.flatMap(({ checks }) => checks)) counts[result] += 1;
  return counts;
}

function linesOf(findings: readonly Finding[]): CheckLine[] {
  const groups = new Map<CheckId, Finding[]>();
  for (const finding of findings) groups.set(finding.check, [...(groups.get(finding.check) ?? []), finding]);
  return [...groups]
    .sort(([one], [other]) => ORDER.indexOf(one) - ORDER.indexOf(other))
    .map(([check, group]) => lineOf(check, group));
}

function lineOf(check: CheckId, group: readonly Finding[]): CheckLine {
  const { title, expected, source } = CHECKS[check];
  const worst = group.reduce((one, other) => (SEVERITY[other.result] > SEVERITY[one.result] ? other : one));
  const counts = new Map<string, number>();
  for (const { came } of group) if (came !== undefined) counts.set(came, (counts.get(came) ?? 0) + 1);
  const came = [...counts].sort(([, one], [, other]) => other - one).map(([text]) => text);
  return {
    ...{ check, title, result: worst.result, times: group.length },
    passed: group.filter(({ result }) => result === 'pass').length,
    ...{ expected, came: came.slice(0, CAME_MAX), source },
  };
}
