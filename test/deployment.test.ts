/** What containers are made of, as far as it can be judged without an engine. */
import { readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { hasPromtool, promtool } from './support/promtool.ts';

interface Service {
  profiles: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  container_name?: string;
  command?: string[];
  environment?: Record<string, string | number>;
  stop_grace_period?: string;
  healthcheck?: { test: string[] };
  volumes?: string[];
  ports?: string[];
}

const textOf = (path: string) => readFileSync(path, 'utf8');
const services: Record<string, Service> = parse(textOf('docker-compose.yml'), { merge: true }).services;
const prometheus = parse(textOf('docs/observability/prometheus.yml'));

it('has a Dockerfile in which a linter finds nothing', () => {
  expect(validate(textOf('Dockerfile'))).toEqual([]);
  expect(validate('FROM a\nWORKDIR b\nRUNN c')).toHaveLength(2);
});

it('gives no container rights or a place to write that it does not need, and lets workers be several', () => {
  const ours = Object.entries(services).filter(([name]) => !/redis|prometheus|grafana/.test(name));
  expect(ours.map(([name]) => name)).toEqual(
    expect.arrayContaining(['worker', 'serve', 'onboard', 'simulator', 'demo-worker', 'demo-import']),
  );
  for (const [name, service] of ours)
    expect([name, service]).toMatchObject([
      name,
      { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] },
    ]);
  for (const name of ['worker', 'demo-worker']) {
    expect(services[name]).not.toHaveProperty('ports');
    expect(services[name]).not.toHaveProperty('container_name');
  }
  // Nothing is open to other machines.
  const ports = Object.values(services).flatMap((service) => service.ports ?? []);
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
});

it('lets the units of systemd write only where they may', () => {
  for (const [unit, names] of [
    ['worker', ['AGREEMENT_STORE']],
    ['serve', ['AGREEMENT_STORE', 'ONBOARD_DRAFTS']],
  ] as const) {
    const text = textOf(`docs/systemd/onboard-${unit}.service`);
    const state = text.match(/^StateDirectory=(.+)$/m)?.[1];
    for (const name of names)
      expect(text).toMatch(new RegExp(`^Environment=${name}=/var/lib/${state}/`, 'm'));
  }
});

it('lets workers finish before they are killed', () => {
  const { environment, stop_grace_period: stop = '' } = services.worker as Service;
  expect(Number.parseInt(stop, 10)).toBeGreaterThan(Number(environment?.ONBOARD_GRACE_SECONDS) + 10);
});

it('scrapes the services of docker-compose.yml, where they answer', () => {
  const [pages, workers] = prometheus.scrape_configs;
  expect(pages.static_configs[0].targets).toEqual([`serve:${services.serve?.environment?.HTTP_PORT}`]);
  const { names, port } = workers.dns_sd_configs[0];
  expect(names).toEqual(['worker']);
  expect(services.worker?.environment?.ONBOARD_WORKER_PORT).toBe(`0.0.0.0:${port}`);
  expect(services.worker?.healthcheck?.test.join()).toContain(`:${port}/readyz`);
});

it.runIf(hasPromtool)('has a configuration that Prometheus reads, rules included', () => {
  const checked = promtool(['check', 'config', '--syntax-only', 'docs/observability/prometheus.yml']);
  expect(checked).toBe('');
  expect(promtool(['check', 'config', '--syntax-only', 'Dockerfile'])).toContain('FAILED');
});

it('shows Grafana the Prometheus and the dashboard where they are mounted', () => {
  const { datasources } = parse(textOf('docs/observability/grafana/datasources/prometheus.yml'));
  expect(datasources).toMatchObject([{ type: 'prometheus', url: 'http://prometheus:9090', isDefault: true }]);
  const { providers } = parse(textOf('docs/observability/grafana/dashboards/onboard.yml'));
  const volumes = services.grafana?.volumes ?? [];
  expect(volumes).toContain('./docs/observability/grafana:/etc/grafana/provisioning:ro');
  const [provider] = providers;
  expect(volumes).toContainEqual(
    expect.stringMatching(`^./docs/observability/dashboard.json:${provider.options.path}/[a-z]+\\.json:ro$`),
  );
  // It asks for a data source, and finds the default one by itself.
  const { templating } = JSON.parse(textOf('docs/observability/dashboard.json'));
  expect(templating.list).toContainEqual(
    expect.objectContaining({ type: 'datasource', query: datasources[0].type }),
  );
});
