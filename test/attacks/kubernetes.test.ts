/** The example manifests of docs/kubernetes: valid, what our settings take, and consistent with each other. */
import { readdirSync, readFileSync } from 'node:fs';
import { BlockList, isIPv6 } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readSettings } from '../../src/onboarding/config.ts';
import { describeUnknown } from '../../src/onboarding/unknown-variables.ts';
import { complaintOfSchema, complaintsOfTypes, type Manifest } from '../support/manifests.ts';

interface Container {
  args: string[];
  ports: { name: string; containerPort: number }[];
  env?: { name: string; value: string }[];
  livenessProbe: { httpGet: { path: string; port: string } };
  readinessProbe: { httpGet: { path: string; port: string } };
  securityContext: Record<string, unknown>;
}

interface Deployment extends Manifest {
  spec: {
    template: {
      metadata: { labels: Record<string, string> };
      spec: {
        terminationGracePeriodSeconds: number;
        enableServiceLinks: boolean;
        securityContext: Record<string, unknown>;
        containers: [Container];
      };
    };
  };
}

interface Selecting extends Manifest {
  spec: { selector?: Selector; podSelector?: Selector };
}
type Selector = { matchLabels?: Record<string, string> } & Record<string, unknown>;

const FOLDER = join(import.meta.dirname, '../../docs/kubernetes');
const textOf = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const manifestsIn = (name: string): Manifest[] =>
  parseAllDocuments(textOf(name)).map((document) => document.toJS({ maxAliasCount: 0 }));

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml');
const manifests = names.flatMap(manifestsIn);
const find = <M extends Manifest>(kind: string, name: string) =>
  manifests.find((each) => each.kind === kind && each.metadata.name === name) as M;
const worker = find<Deployment>('Deployment', 'onboard-worker').spec.template;
const serve = find<Deployment>('Deployment', 'onboard-serve').spec.template;

it('are what Kubernetes and KEDA accept, with no name that they do not know', async () => {
  expect(manifests.length).toBeGreaterThan(9);
  const complaints = await Promise.all(manifests.map(complaintOfSchema));
  expect(complaints.filter((complaint) => complaint !== undefined)).toEqual([]);
  expect(complaintsOfTypes(manifests)).toEqual([]);
});

it('would not be accepted with a mistake', async () => {
  const broken = (name: string, right: string, wrong: string) => {
    const text = textOf(name);
    expect(text).toContain(right);
    return parseAllDocuments(text.replace(right, wrong)).map((each) => each.toJS() as Manifest);
  };
  const mistakes = [
    broken('worker.yaml', 'memory: 512Mi', 'memory: 512 megabytes'),
    broken('worker.yaml', 'maxUnavailable: 1', 'maxUnavailable: [1]'),
    broken('serve.yaml', 'port: 80', 'port: eighty'),
    broken('network-policy.yaml', 'ipBlock:\n            cidr', 'ipBlock:\n            range'),
    broken('scaling.yaml', '  triggers:', '  causes:'),
    broken('configmap.yaml', 'HTTP_PORT: "3000"', 'HTTP_PORT: 3000'),
  ];
  for (const mistake of mistakes) {
    const complaints = await Promise.all(mistake.map(complaintOfSchema));
    expect([mistake[0]?.kind, complaints.filter(Boolean).length]).toEqual([mistake[0]?.kind, 1]);
  }
  const misnamed = [
    ...broken('worker.yaml', 'terminationGracePeriodSeconds:', 'terminationGraceSeconds:'),
    ...broken('serve.yaml', 'readOnlyRootFilesystem:', 'readonlyRootFilesystem:'),
    ...broken('scaling.yaml', 'minReplicaCount:', 'minReplicas:'),
  ];
  expect(complaintsOfTypes(misnamed)).toEqual([
    expect.stringContaining(`'"terminationGraceSeconds"' does not exist`),
    expect.stringContaining(`'"readonlyRootFilesystem"' does not exist`),
    expect.stringContaining(`'"minReplicas"' does not exist`),
  ]);
});

it('apply all that is there but the example of a secret', () => {
  const { resources } = parse(textOf('kustomization.yaml'));
  expect([...resources, 'secret.example.yaml'].sort()).toEqual([...names].sort());
});

it('configure what our settings take, on the ports that are probed', () => {
  const dataOf = (kind: string) => find<Manifest & { data?: object; stringData?: object }>(kind, 'onboard');
  const shared = { ...dataOf('ConfigMap').data, ...dataOf('Secret').stringData };
  for (const { spec } of [worker, serve]) {
    const [{ args, ports, env = [], livenessProbe, readinessProbe }] = spec.containers;
    const environment = { ...shared, ...Object.fromEntries(env.map(({ name, value }) => [name, value])) };
    const settings = readSettings(environment);
    expect(describeUnknown(environment, settings)).toBeUndefined();
    const { probes, graceSeconds } = settings.workers;
    const { host, port } = args[0] === 'worker' ? { host: '', port: 0, ...probes } : settings.http;
    expect(ports).toMatchObject([{ containerPort: port }]);
    expect(host).toBe('0.0.0.0');
    const probed = [livenessProbe, readinessProbe].map(({ httpGet }) => httpGet);
    const [{ name } = { name: '' }] = ports;
    expect(probed).toEqual([
      { path: '/healthz', port: name },
      { path: '/readyz', port: name },
    ]);
    // The five seconds of preStop, and the five that pages take to close.
    const needed = args[0] === 'worker' ? graceSeconds : 10;
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(needed + 10);
  }
});

it('give no rights, and no variables of services', () => {
  for (const { spec } of [worker, serve]) {
    expect(spec).toMatchObject({ enableServiceLinks: false, automountServiceAccountToken: false });
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(spec.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  }
});

it('select pods that are there', () => {
  const labels = [worker, serve].map(({ metadata }) => metadata.labels);
  const selecting = manifests.filter(({ kind }) =>
    ['Deployment', 'Service', 'PodDisruptionBudget', 'NetworkPolicy'].includes(kind),
  ) as Selecting[];
  for (const { kind, metadata, spec } of selecting) {
    const selector = spec.selector ?? spec.podSelector ?? {};
    const wanted = Object.entries(selector.matchLabels ?? (kind === 'Service' ? selector : {}));
    const found = labels.filter((each) => wanted.every(([name, value]) => each[name] === value));
    expect([kind, metadata.name, found.length > 0]).toEqual([kind, metadata.name, true]);
  }
  const target = find<Manifest & { spec: { scaleTargetRef: object } }>('ScaledObject', 'onboard-worker').spec;
  expect(target.scaleTargetRef).toEqual({ name: find('Deployment', 'onboard-worker').metadata.name });
});

it('let names be asked of a cache on the node, and HTTPS of public addresses only, of both kinds', () => {
  const { egress } = find<Manifest & { spec: { egress: Rule[] } }>('NetworkPolicy', 'onboard-egress').spec;
  const isLet = (address: string, port: number) =>
    egress.some(({ to, ports }) => {
      const blocks = to.flatMap(({ ipBlock }) => ipBlock ?? []);
      return ports.some((each) => each.port === port) && blocks.some((block) => contains(block, address));
    });
  for (const port of [53, 443]) expect(isLet('169.254.20.10', port)).toBe(port === 53);
  for (const address of ['47.88.1.1', '2404:2280::1']) expect(isLet(address, 443)).toBe(true);
  const others = ['10.1.1.1', '100.100.100.200', '172.20.1.1', '192.168.1.1', '::1', 'fd00::1', 'fe80::1'];
  expect(others.filter((address) => isLet(address, 443) || isLet(address, 53))).toEqual([]);
});

interface Block {
  cidr: string;
  except?: string[];
}

interface Rule {
  to: { ipBlock?: Block }[];
  ports: { port: number }[];
}

function contains({ cidr, except = [] }: Block, address: string): boolean {
  const isIn = (network: string) => {
    const [net = '', prefix] = network.split('/');
    const [of, asked] = [net, address].map((each) => (isIPv6(each) ? 'ipv6' : 'ipv4'));
    const list = new BlockList();
    list.addSubnet(net, Number(prefix), of);
    return of === asked && list.check(address, asked);
  };
  return isIn(cidr) && !except.some(isIn);
}
