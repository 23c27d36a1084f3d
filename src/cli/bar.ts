/** Progress as the line that a person watches. Pure. */
import type { Progress } from '../batch/progress.ts';
import { renderDuration } from '../text.ts';

const BAR_WIDTH = 24;

export function renderBar(progress: Progress): string {
  const share = progress.total === 0 ? 1 : progress.done / progress.total;
  const filled = Math.round(share * BAR_WIDTH);
  return `[${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}] ${renderLine(progress)}`;
}

export function renderLine(progress: Progress): string {
  const { done, total, submitted, failed, throttled, perSecond, etaSeconds } = progress;
  const rate = perSecond === undefined ? '–' : perSecond.toFixed(1);
  const eta = done === total ? 'done' : `ETA ${etaSeconds === undefined ? '–' : renderDuration(etaSeconds)}`;
  return `${done}/${total}  submitted ${submitted}  failed ${failed}  throttled ${throttled}  ${rate}/s  ${eta}`;
}
