/**
 * The direction of imports, as rules for dependency-cruiser: all of them are made from the lists below.
 * `npm run imports` checks them, and `docs/architecture.svg` is drawn from the same lists.
 */

/** The programs: nobody imports them. `workers/main.ts` stands above the public entry that it goes through. */
export const ENTRIES = [
  ...['src/cli/main.ts', 'src/console/main.tsx', 'src/console/form/main.tsx', 'src/http/server.ts'],
  'workers/main.ts',
];

/** From the top down: a part imports only from the floors below its own. */
export const FLOORS = [
  ['workers/main.ts', 'src/cli/', 'src/console/', 'src/http/', 'src/sandbox/'],
  ['src/index.ts'],
  ['src/use-cases.ts'],
  ['workers/'],
  ['src/reading-cases.ts'],
  ['src/koogallery/', 'src/draft/', 'src/account-cases.ts'],
  ['src/batch/', 'src/onboarding/'],
  ['src/agreement/', 'src/notify/'],
  ['src/alibaba/', 'src/ledger/', 'src/pace/', 'src/queue/'],
  ['src/customer/'],
  ['src/source/', 'src/redis/'],
  ['src/errors.ts', 'src/logger.ts', 'src/text.ts'],
  ['src/error-codes.ts', 'src/printable.ts', 'src/make-folder.ts', 'src/file-trouble.ts'],
  ['src/http-error-codes.ts', 'src/marketplace-error-codes.ts'],
  ['src/error-classes.ts'],
];

/**
 * The only imports between parts on one floor: the first may import the second, never the other way round.
 * @type {[importer: string, imported: string][]}
 */
export const NEIGHBOURS = [
  ['workers/main.ts', 'src/http/'],
  ['src/cli/', 'src/http/'],
  ['src/cli/', 'src/sandbox/'],
  ['src/batch/', 'src/onboarding/'],
];

const OURS = '^(src|workers)/';
/** @param {string} text */
const escaped = (text) => text.replaceAll('.', '\\.');

/**
 * A regular expression for the files of a part.
 * @param {string} part
 */
export function filesOf(part) {
  if (/\.tsx?$/.test(part)) return `^${escaped(part)}$`;
  return part === 'workers/' ? '^workers/(?!main\\.ts$)' : `^${part}`;
}

/**
 * @param {string} part
 * @param {number} floor
 * @returns {import('dependency-cruiser').IForbiddenRuleType}
 */
function downOnly(part, floor) {
  const below = FLOORS.slice(floor + 1).flat();
  const beside = NEIGHBOURS.filter(([importer]) => importer === part).map(([, imported]) => imported);
  return {
    name: `${part} imports down only`,
    comment: `${part} may import ${[...beside, ...below].join(', ') || 'nothing of ours'}.`,
    severity: 'error',
    from: { path: filesOf(part) },
    to: { path: OURS, pathNot: [part, ...beside, ...below].map(filesOf) },
  };
}

/**
 * @param {string} name
 * @param {{ packages: string[], places: string[] }} rule
 * @returns {import('dependency-cruiser').IForbiddenRuleType}
 */
function onlyIn(name, { packages, places }) {
  return {
    name,
    comment: `Only ${places.join(', ')} may import ${packages.join(', ')}.`,
    severity: 'error',
    from: { path: OURS, pathNot: places.map((place) => `^${escaped(place)}`) },
    to: { path: packages.map((prefix) => `node_modules/(@types/)?${prefix}`) },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...FLOORS.flatMap((parts, floor) => parts.map((part) => downOnly(part, floor))),
    {
      name: 'on-a-floor',
      comment: 'Every file belongs to a part: give a new part its place in FLOORS first.',
      severity: 'error',
      from: { path: OURS, pathNot: FLOORS.flat().map(filesOf) },
      to: {},
    },
    {
      name: 'no-circle',
      comment: 'Files that import each other cannot be read one by one, even where only types go round.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'entries-are-programs',
      comment: 'A program is started, not imported: what others need from it belongs beside it.',
      severity: 'error',
      from: {},
      to: { path: ENTRIES.map(filesOf) },
    },
    {
      name: 'workers-through-index',
      comment: 'Workers are started through the public entry.',
      severity: 'error',
      from: {
        path: OURS,
        pathNot: [filesOf('src/index.ts'), filesOf('src/use-cases.ts'), filesOf('workers/')],
      },
      to: { path: '^workers/' },
    },
    {
      name: 'nothing-from-outside',
      comment: 'What ships does not import tests, scripts or examples.',
      severity: 'error',
      from: { path: OURS },
      to: { path: '^(test|scripts|bench|examples)/' },
    },
    {
      name: 'protocol-is-pure',
      comment: "What KooGallery's messages are does no input or output: nothing but zod and node:crypto.",
      severity: 'error',
      from: { path: '^src/koogallery/protocol/' },
      to: {
        pathNot: ['^src/koogallery/protocol/', '^src/errors\\.ts$', 'node_modules/zod/', '^(node:)?crypto$'],
      },
    },
    {
      name: 'no-development-package',
      comment: 'An installation has no development packages; testcontainers is tried and may be missing.',
      severity: 'error',
      // What the console imports is in its bundle.
      from: { path: OURS, pathNot: filesOf('src/console/') },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/testcontainers/' },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere would escape the other rules.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    onlyIn('alibaba-sdk', {
      packages: ['@alicloud/', 'ali-oss/'],
      places: ['src/alibaba/', 'src/agreement/'],
    }),
    onlyIn('bullmq', { packages: ['bullmq/'], places: ['src/queue/', 'workers/', 'src/http/board.ts'] }),
    onlyIn('opentelemetry', { packages: ['@opentelemetry/', 'bullmq-otel/'], places: ['src/queue/'] }),
    onlyIn('template-parsers', {
      packages: ['web-tree-sitter/', '@tree-sitter-grammars/', 'jsonc-parser/'],
      places: ['src/koogallery/template/'],
    }),
    onlyIn('bull-board', { packages: ['@bull-board/'], places: ['src/http/'] }),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    // Imports of types count, though they are gone when the program runs.
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules', '^dist/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
