/** Checks the rows of a source and their agreements; needs no Redis and enqueues nothing. */
import { openAgreements } from '../agreement/open-agreements.ts';
import { inputOf, type SourceOrder } from './source-order.ts';
import { type ValidationSummary, validateSource } from './validate-source.ts';

/** What a source holds, without anything being enqueued. */
export interface Validated extends ValidationSummary {
  /** How long the good rows take at the full rate, in seconds. */
  seconds: number;
}

/** @throws AppError INPUT_… if the source as a whole cannot be read */
export async function validate(ratePerSecond: number, order: SourceOrder): Promise<Validated> {
  await using folder = await openAgreements(order.agreements, order.onRemark);
  const good = async () => undefined;
  const summary = await validateSource(
    { ...inputOf(order), folder, strictPdf: order.strictPdf },
    { good, bad: async (...row) => order.onInvalid?.(...row), warn: order.onWarning },
  );
  return { ...summary, seconds: summary.good / ratePerSecond };
}
