/** The picture of the tree: Graphviz places the boxes and arrows, the bands behind them are added to its SVG. */
import { z } from 'zod';
import { ENTRIES, FLOORS } from '../../.dependency-cruiser.mjs';
import type { House, Import } from './house.ts';

/** Nearly everything imports these; their arrows would hide the others. */
const GROUND = FLOORS.at(-1) ?? [];

const PURPOSES: Record<string, string> = {
  'src/cli/': 'commands: parse, call, render',
  'src/http/': 'pages, board, metrics',
  'src/sandbox/': 'simulators, local Redis, demo',
  'src/index.ts': 'the public entry',
  'src/account-cases.ts': 'use cases of accounts',
  'src/use-cases.ts': 'a method for each use case',
  'workers/': 'the two steps, and what runs them',
  'src/koogallery/': 'purchases on a marketplace',
  'src/batch/': 'what a person does to a batch',
  'src/onboarding/': 'what an installation is',
  'src/agreement/': 'signed PDFs and their store',
  'src/notify/': 'alerts',
  'src/alibaba/': 'Chat App, OSS, credentials',
  'src/ledger/': 'what became of every row',
  'src/pace/': 'when the next call may go',
  'src/queue/': 'jobs and queues of BullMQ',
  'src/customer/': 'fields, rules, countries',
  'src/source/': 'from bytes to rows',
  'src/redis/': 'connection, keys, scripts',
  'src/errors.ts': 'the error that carries a code',
  'src/error-codes.ts': 'the closed list of codes',
  'src/logger.ts': 'one line for each fact',
  'src/text.ts': 'counts and lists for people',
};

/** How far a band reaches beyond the boxes, in points. */
const MARGIN = 24;
/** Height of a band, in points. */
const BAND = 58;
const STYLE = `<style>
  .node text { font-weight: bold }
  .node text + text { font-weight: normal; font-size: 10px; fill: #5c6b80 }
</style>`;

export function renderDot({ floors, imports }: House): string {
  const shown = imports.filter(([, to]) => !GROUND.includes(to));
  return `digraph {
    graph [bgcolor=transparent, pad=0.4, nodesep=0.35, ranksep=0.55, outputorder=edgesfirst]
    node [shape=box, style="rounded,filled", width=2.1, height=0.56, margin="0.05,0.05", penwidth=1.2,
      fontname="Helvetica,Arial,sans-serif", fontsize=13, fontcolor="#1f2d42", color="#7d93b2", fillcolor=white]
    edge [arrowsize=0.6]
    ${floors.map(renderFloor).join('\n')}
    ${floors
      .slice(1)
      .map((_, above) => `floor${above} -> floor${above + 1} [style=invis, weight=100]`)
      .join('\n')}
    ${centreGround(floors).join('\n')}
    ${shown.map((pair) => renderImport(pair, shown)).join('\n')}
  }`;
}

/** Without its arrows the ground would lie in a corner; it belongs under everything. */
function centreGround(floors: readonly string[][]): string[] {
  const [above = [], ground = []] = floors.slice(-2);
  return above.flatMap((part) => ground.map((base) => `"${part}" -> "${base}" [style=invis]`));
}

/** The floors are kept apart by a chain of invisible nodes, whether or not imports lead from one to the next. */
function renderFloor(parts: readonly string[], floor: number): string {
  const anchor = `floor${floor} [label="", width=0.01, style=invis, class=floor]`;
  return `{ rank=same; ${anchor}; ${parts.map(renderPart).join('; ')} }`;
}

function renderPart(part: string): string {
  const name = part.replace(/^src\//, '');
  if (ENTRIES.includes(part))
    return `"${part}" [label="${name}", height=0.36, color="#2f4a73", fillcolor="#2f4a73", fontcolor=white]`;
  return `"${part}" [label="${name}\\n${PURPOSES[part] ?? ''}"]`;
}

/** An import is pale where others lead to the same part by a longer way. */
function renderImport([from, to]: Import, all: readonly Import[]): string {
  const isImplied = all.some(([start, by]) => start === from && by !== to && reaches(by, to, all));
  const look = isImplied ? 'color="#a5b6cd"' : 'color="#2f5d9b", penwidth=1.6, weight=3';
  return `"${from}" -> "${to}" [${look}]`;
}

function reaches(from: string, to: string, all: readonly Import[], seen = new Set<string>()): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return all.some(([start, next]) => start === from && reaches(next, to, all, seen));
}

interface Layout {
  width: number;
  /** Of the middle of each floor, as SVG counts. */
  heights: number[];
}

const layoutSchema = z.object({
  /** Left, bottom, right, top. */
  bb: z.string(),
  objects: z.array(z.object({ name: z.string(), pos: z.string().optional() })),
});

export function readLayout(json: object): Layout {
  const { bb, objects } = layoutSchema.parse(json);
  const anchors = objects.filter(({ name }) => name.startsWith('floor'));
  return {
    width: Number(bb.split(',')[2]),
    heights: anchors.map(({ pos = '' }) => -Number(pos.split(',')[1])),
  };
}

/** Adds what Graphviz cannot draw: a band behind each floor, and two sizes of letters in one box. */
export function dress(svg: string, { width, heights }: Layout): string {
  const bands = heights.map((y) => {
    const [left, right] = [-MARGIN, width + 2 * MARGIN];
    return `<rect x="${left}" y="${y - BAND / 2}" width="${right}" height="${BAND}" rx="10" fill="#edf2f9"/>`;
  });
  return svg
    .replace('<svg ', '<svg style="background: white" ')
    .replace(/<g id="graph0".*>/, (graph) => [graph, STYLE, ...bands].join('\n'));
}
