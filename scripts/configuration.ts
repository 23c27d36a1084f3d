/** Writes docs/configuration.md from the variables; with `--check`, fails where it is out of date. */
import { OURS } from '../src/onboarding/variables.ts';
import { type DescribedVariable, describeVariables } from './described-variables.ts';
import { inTable, keepPage } from './generated-page.ts';

keepPage('docs/configuration.md', 'scripts/configuration.ts', render());

function render(): string {
  const variables = describeVariables();
  const ours = variables.filter(({ name }) => OURS.test(name));
  const others = variables.filter(({ name }) => !OURS.test(name));
  return `# Configuration

Every variable, as [\`.env.example\`](../.env.example) has them. Set them in the environment, or copy that file to \`.env\`;
what stands in the environment counts more. [Operating](operating.md#configuration) says how they are read, and [several
accounts](accounts.md), [alerts](alerts.md) and [KooGallery](koogallery.md#configure-it) what the JSON files hold.
\`onboard doctor\` tries all of it.

## Variables of this program

${table(ours)}

## Variables that others know too

${table(others)}
`;
}

function table(variables: readonly DescribedVariable[]): string {
  const rows = variables.map(({ name, description, allowed, fallback }) => [
    `\`${name}\``,
    fallback === undefined ? '' : `\`${fallback}\``,
    `${description}${allowed}`,
  ]);
  return inTable(['variable', 'without it', 'what it is for'], rows);
}
