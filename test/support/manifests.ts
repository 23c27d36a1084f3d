/** Kubernetes' and KEDA's own judgement of manifests: their schemas, and their types for names that no schema knows. */
import { join } from 'node:path';
import ts from 'typescript';

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  [part: string]: unknown;
}

type Models = Record<string, new (data: object) => { validate(): void }>;

const ROOT = join(import.meta.dirname, '../..');

/** Where the models of an API are. */
const MODULES: Record<string, string> = {
  v1: 'kubernetes-models/v1',
  'apps/v1': 'kubernetes-models/apps/v1',
  'policy/v1': 'kubernetes-models/policy/v1',
  'networking.k8s.io/v1': 'kubernetes-models/networking.k8s.io/v1',
  'keda.sh/v1alpha1': '@kubernetes-models/keda/keda.sh/v1alpha1',
};

/** @returns what the schema says against it: a missing part, a value of the wrong type or form */
export async function complaintOfSchema(manifest: Manifest): Promise<string | undefined> {
  const path = MODULES[manifest.apiVersion];
  const models: Models = path === undefined ? {} : await import(path);
  const Kind = models[manifest.kind];
  if (Kind === undefined) return `${manifest.apiVersion} has no ${manifest.kind}`;
  try {
    new Kind(manifest).validate();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** @returns what the types say against them: above all names of parts that are not known, which a schema lets pass */
export function complaintsOfTypes(manifests: readonly Manifest[]): string[] {
  const name = join(ROOT, 'test/support/manifests-as-types.ts');
  const text = manifests
    .map((manifest, index) => {
      const type = `import('${MODULES[manifest.apiVersion]}').I${manifest.kind}`;
      return `export const manifest${index}: ${type} = ${JSON.stringify(manifest)};`;
    })
    .join('\n');
  const options: ts.CompilerOptions = {
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [], lib: ['lib.es2023.d.ts'] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === name || fileExists(path);
  host.getSourceFile = (path, ...more) =>
    path === name
      ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2023)
      : getSourceFile.call(host, path, ...more);
  const program = ts.createProgram([name], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
