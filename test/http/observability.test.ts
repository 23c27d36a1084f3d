/** The files for Prometheus and Grafana, by Prometheus' own judge. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildWorkerApp } from '../../src/http/worker-app.ts';
import { createBatch, makeRow } from '../support/ledger.ts';
import { makeApp } from '../support/pages.ts';
import { hasPromtool, promtool } from '../support/promtool.ts';
import { createWorld } from '../support/world.ts';

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}

const SKIPPED = hasPromtool ? '' : ' (skipped: promtool is not on the PATH)';

describe.runIf(hasPromtool)(`promtool${SKIPPED}`, () => {
  it('has nothing to say about the metrics of the server and of a worker', async () => {
    const world = await createWorld();
    await createBatch(world.open.ledger, 'b', [makeRow(1)]);
    for (const app of [await makeApp(world), buildWorkerApp(() => undefined)]) {
      // Its own requests are counted from the second answer on.
      await app.inject('/metrics');
      const { body } = await app.inject('/metrics');
      expect(body).toContain('onboard_http_requests_total{');
      expect(promtool(['check', 'metrics'], body)).toBe('');
    }
  });

  it('finds the alerting rules correct', () => {
    expect(promtool(['check', 'rules', 'docs/observability/alerts.yml'])).toBe('');
  });

  it('sees them fire when they should, and not otherwise', () => {
    expect(promtool(['test', 'rules', 'docs/observability/alerts.test.yml'])).toBe('');
  });

  it('reads every question of the dashboard', () => {
    const { panels }: Dashboard = JSON.parse(readFileSync('docs/observability/dashboard.json', 'utf8'));
    const rules = panels.flatMap(({ targets }) =>
      targets.map(({ expr }, index) => ({
        record: `question:${index}`,
        expr,
        labels: { panel: `p${index}` },
      })),
    );
    expect(rules.length).toBeGreaterThan(15);
    const folder = mkdtempSync(join(tmpdir(), 'onboard-rules-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    // JSON is YAML too.
    const groups = rules.map((rule, index) => ({ name: `g${index}`, rules: [rule] }));
    writeFileSync(join(folder, 'rules.yml'), JSON.stringify({ groups }));
    expect(promtool(['check', 'rules', '--lint=none', join(folder, 'rules.yml')])).toBe('');
  });
});
