/**
 * Fails where a word is used on a floor that should not know it; the direction of imports cannot show that.
 *
 * - Names of environment variables, and the environment itself: only where the configuration is read, and in the
 *   sandbox, which sets them for others. Sentences for people may name them everywhere.
 * - `note`, which writes a batch's log: only in the ledger, and in the use cases.
 */
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

const FOLDERS = ['src', 'workers'];
/** Besides the sandbox: `variables.ts`, `http-variables.ts` and `koogallery-variables.ts` name them, `config.ts`, `configuration.ts` and `environment.ts` read them. */
const KNOW_THE_ENVIRONMENT =
  /^src\/(onboarding\/(config|configuration|environment|((http|koogallery)-)?variables)\.ts$|sandbox\/)/;
const WRITE_THE_LOG = /^src\/(batch|ledger)\//;

/** `.env.example` names all of them; `npm run generated` keeps it so. */
const VARIABLES = new Set(
  Array.from(readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z0-9_]+)=/gm), ([, name]) => name),
);
/** How our variables begin, for those that nobody declared. */
const VARIABLE = /^(REDIS|CHATAPP|OSS|ONBOARD|AGREEMENT_STORE|ALIBABA_CLOUD|HTTP|LOG)_[A-Z0-9_]+$/;

const problems = FOLDERS.flatMap(listTypeScript).flatMap(checkFile);
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;

function listTypeScript(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`);
}

function checkFile(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  visit(file);
  return found;

  function visit(node: ts.Node): void {
    const problem = problemOf(node, path);
    if (problem !== undefined) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${path}:${line + 1} ${problem}`);
    }
    ts.forEachChild(node, visit);
  }
}

function problemOf(node: ts.Node, path: string): string | undefined {
  if (!WRITE_THE_LOG.test(path) && takes(node, 'note') !== undefined)
    return 'note: only src/ledger and the use cases in src/batch write the log of a batch';
  if (KNOW_THE_ENVIRONMENT.test(path)) return undefined;
  if (takes(node, 'env') === 'process') return 'process.env: only the configuration reads the environment';
  const variable = variableIn(node);
  return variable && `${variable}: only the configuration knows names of environment variables`;
}

/**
 * Whether a property is taken from something, in any of the three ways: `a.b`, `a['b']`, `const { b } = a`.
 * @returns the text of what it is taken from, empty if that is not written there
 */
function takes(node: ts.Node, name: string): string | undefined {
  if (ts.isPropertyAccessExpression(node) && node.name.text === name) return node.expression.getText();
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
    return node.argumentExpression.text === name ? node.expression.getText() : undefined;
  if (!ts.isBindingElement(node) || (node.propertyName ?? node.name).getText() !== name) return undefined;
  const declaration = node.parent.parent;
  return (ts.isVariableDeclaration(declaration) && declaration.initializer?.getText()) || '';
}

/** A declared variable under any guise; one that only looks like ours, where a property of that name is read. */
function variableIn(node: ts.Node): string | undefined {
  if (!ts.isIdentifier(node) && !ts.isStringLiteralLike(node)) return undefined;
  if (VARIABLES.has(node.text)) return node.text;
  return VARIABLE.test(node.text) && isRead(node) ? node.text : undefined;
}

/** As in `environment.NAME` and `environment['NAME']`. */
function isRead(node: ts.Identifier | ts.StringLiteralLike): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return ts.isElementAccessExpression(parent) && parent.argumentExpression === node;
}
