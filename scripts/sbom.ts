/**
 * Writes what a release consists of (CycloneDX, JSON) to standard output: every package that an installation fetches, and
 * those that are built into the pages. npm counts the latter among the development dependencies, which are left out.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { bundledPackages } from './bundled-packages.ts';

interface Component {
  'bom-ref': string;
  name: string;
  version: string;
  properties?: { name: string; value: string }[];
}

interface Bom {
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

const bom: Bom = JSON.parse(
  execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], { maxBuffer: OUTPUT_BYTES_MAX }).toString(),
);
// npm names it after the folder of the checkout.
bom.metadata.component.name = JSON.parse(readFileSync('package.json', 'utf8')).name;
const bundled = new Set(bundledPackages().map(({ name, version }) => `${name}@${version}`));
bom.components = bom.components.filter(
  (component) => !isForDevelopment(component) || bundled.has(`${component.name}@${component.version}`),
);
const left = new Set([bom.metadata.component, ...bom.components].map((component) => component['bom-ref']));
bom.dependencies = bom.dependencies
  .filter(({ ref }) => left.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => left.has(each)) }));
process.stdout.write(`${JSON.stringify(bom, undefined, 2)}\n`);

function isForDevelopment({ properties = [] }: Component): boolean {
  return properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
}
