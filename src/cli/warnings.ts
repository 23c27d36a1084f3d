/** Warnings about good rows: the first ones in full, all of them in numbers. */
import type { RowProblem } from '../customer/validate.ts';
import { plural } from '../text.ts';
import { say } from './output.ts';
import { renderProblem } from './source-options.ts';

/** A file may have a million of them. */
const SHOWN_MAX = 20;

export class WarningTeller {
  readonly #counts = new Map<string, number>();
  #shown = 0;

  /** As `SourceOrder.onWarning` takes it. */
  readonly tell = (warnings: readonly RowProblem[]): void => {
    for (const warning of warnings) {
      this.#counts.set(warning.code, (this.#counts.get(warning.code) ?? 0) + 1);
      if (this.#shown++ < SHOWN_MAX) say(`warning: ${renderProblem(warning)}`);
    }
  };

  /** `23 warnings: 20 EMAIL_DOUBTFUL, 3 AGREEMENT_ENCRYPTED; the first 20 are above.` Nothing if there was none. */
  summarise(): void {
    const tally = [...this.#counts].map(([code, count]) => `${count} ${code}`).join(', ');
    const rest = this.#shown > SHOWN_MAX ? `; the first ${SHOWN_MAX} are above` : '';
    if (this.#shown > 0) say(`${plural(this.#shown, 'warning')}: ${tally}${rest}.`);
  }
}
