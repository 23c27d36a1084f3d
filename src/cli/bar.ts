/** Progress as the line that a person watches. Pure. */
import type { Progress } from '../batch/progress.ts';
import { renderDuration } from '../text.ts';

/** In columns. A shorter bar says nothing. */
const BAR_WIDTH = { min: 8, max: 24 };
const FRAME = '[] '.length;
const GAP = '  ';

/** In plain ASCII: a terminal for Chinese may draw other blocks twice as wide. */
export function renderBar(progress: Progress, columns: number): string {
  const line = join(fitting(partsOf(progress), columns));
  const width = Math.min(BAR_WIDTH.max, columns - FRAME - line.length);
  if (width < BAR_WIDTH.min) return line;
  const share = progress.total === 0 ? 1 : progress.done / progress.total;
  const filled = Math.round(share * width);
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${line}`;
}

export function renderLine(progress: Progress): string {
  return join(partsOf(progress));
}

interface Part {
  text: string;
  /** The lowest stays longest where there is little room. */
  rank: number;
}

function partsOf(progress: Progress): Part[] {
  const { done, total, submitted, failed, retrying, throttled, perSecond, etaSeconds } = progress;
  const rate = perSecond === undefined ? '-' : perSecond.toFixed(1);
  const eta = done === total ? 'done' : `ETA ${etaSeconds === undefined ? '-' : renderDuration(etaSeconds)}`;
  return [
    { text: `${done}/${total}`, rank: 0 },
    { text: `submitted ${submitted}`, rank: 4 },
    { text: `failed ${failed}`, rank: 2 },
    ...(retrying > 0 ? [{ text: `${retrying} retrying`, rank: 3 }] : []),
    { text: `throttled ${throttled}`, rank: 6 },
    { text: `${rate}/s`, rank: 5 },
    { text: eta, rank: 1 },
  ];
}

const join = (parts: readonly Part[]) => parts.map(({ text }) => text).join(GAP);

/** The parts that fit side by side, less important ones left out. */
function fitting(parts: Part[], columns: number): Part[] {
  const last = Math.max(...parts.map(({ rank }) => rank));
  if (join(parts).length <= columns || parts.length === 1) return parts;
  return fitting(
    parts.filter(({ rank }) => rank !== last),
    columns,
  );
}
