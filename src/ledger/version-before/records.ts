/** What version 0.1 kept of batches, rows and customers, and what becomes of it. Pure. */
import { z } from 'zod';
import { fieldColumnsOf, keepCells } from '../../customer/cells.ts';
import type { Columns } from '../../customer/columns.ts';
import { FINGERPRINT_VERSION, fingerprintOf } from '../../customer/fingerprint.ts';
import { parseColumns } from '../../customer/header.ts';
import { cleanInput } from '../../customer/rules.ts';
import type { NewRow } from '../enroll.ts';
import { OUTCOMES, type Outcome } from '../outcome.ts';

/** The quote of earlier result files was kept in a row's cells; what reads a file now takes it off (`source/formula-quote.ts`). */
const FORMULA_QUOTE = /^\s*'(?=[=+\-@])/;

const numberOr = (fallback: number) => z.number().default(fallback);

const formerRowSchema = z.looseObject({
  outcome: z.enum(OUTCOMES),
  at: z.number(),
  ambiguous: numberOr(0),
  redrive: z.number().optional(),
  parked: z.boolean().optional(),
  batch: z.string().optional(),
});
export type FormerRow = z.output<typeof formerRowSchema>;

const formerInputSchema = z.object({ line: z.number(), values: z.array(z.string()), sha256: z.string() });

const formerCustomerSchema = z.object({
  fingerprint: z.string(),
  outcome: z.enum(OUTCOMES),
  batch: z.string(),
  row: z.number(),
  at: z.number(),
  requestId: z.string().optional(),
});

const formerRedriveSchema = z.looseObject({
  round: z.number(),
  kind: z.enum(['redrive', 'resume']),
  notBefore: z.number().optional(),
});
export type FormerRedrive = z.output<typeof formerRedriveSchema>;

export const parseFormerRedrive = (text: string) => formerRedriveSchema.parse(JSON.parse(text));

/** Facts of a batch, out of its one state. Counters of rows are counted anew; those of redrives stay. */
export function factsOf(
  hash: Record<string, string>,
  { sourceKey, now }: { sourceKey: string | undefined; now: number },
): { facts: Record<string, string | number>; columns: Columns } {
  const columns = parseColumns(z.array(z.string()).parse(JSON.parse(hash.columns ?? '[]')));
  const { state = 'finished', created = '0', finished = created } = hash;
  const dropped = [...OUTCOMES, 'state', 'total', 'parked', 'withdrawn', 'lastRow', 'finished'];
  const kept = Object.entries(hash).filter(([field]) => !dropped.includes(field));
  const wasCancelled = state === 'cancelling' || (state === 'finished' && Number(hash.cancelled ?? 0) > 0);
  return {
    columns,
    facts: {
      ...Object.fromEntries(kept),
      kind: 'import',
      fieldColumns: JSON.stringify(fieldColumnsOf(columns)),
      ...(state === 'enqueuing' ? {} : { sealedAt: created }),
      ...(sourceKey === undefined ? {} : { sourceKey }),
      ...(state === 'paused' ? { pausedAt: now } : {}),
      ...(wasCancelled ? { cancelledAt: finished } : {}),
    },
  };
}

/** A row with its customer, parsed for the last time. */
export function rowOf(
  row: number,
  {
    record,
    input,
    columns,
    redrives,
  }: {
    record: string;
    input: string;
    columns: Columns;
    redrives: readonly FormerRedrive[];
  },
): NewRow & { record: Record<string, unknown> } {
  const former = formerRowSchema.parse(JSON.parse(record));
  const { line, values, sha256 } = formerInputSchema.parse(JSON.parse(input));
  const unquoted = values.map((value) => value.replace(FORMULA_QUOTE, ''));
  const customer = cleanInput(columns, unquoted);
  const fingerprint = fingerprintOf(customer, sha256);
  return {
    row,
    custSpaceId: customer.CustSpaceId,
    fingerprint,
    input: { line, sha256, ...keepCells(columns, values, customer) },
    record: { ...recordOf(former, redrives), custSpaceId: customer.CustSpaceId, fingerprint },
  };
}

/** Submits had no numbers: their times take their place, and new numbers are higher. */
function recordOf(former: FormerRow, redrives: readonly FormerRedrive[]): Record<string, unknown> {
  const { batch: _, ...record } = former;
  const { outcome, at, ambiguous, redrive, parked } = former;
  const notBefore = redrives.find(({ round }) => round === redrive)?.notBefore;
  const isInDoubt = parked || (ambiguous > 0 && isActive(outcome));
  const wasSent = outcome === 'submitting' || outcome === 'submitted' || isInDoubt;
  return {
    ...record,
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(isInDoubt ? { unknown: true } : {}),
    ...(wasSent ? { seq: at, generation: 1, markedAt: at } : {}),
  };
}

const isActive = (outcome: Outcome) => ['pending', 'uploading', 'uploaded', 'submitting'].includes(outcome);

/** The last success of a customer, if its record was of one. */
export function submittedOf(text: string): Record<string, unknown> | undefined {
  const { outcome, batch, row, at, fingerprint, requestId } = formerCustomerSchema.parse(JSON.parse(text));
  if (outcome !== 'submitted') return undefined;
  const fact = { at, requestId, seq: at, order: 0, generation: 1, count: 1 };
  return { ...fact, place: `${batch} ${row}`, fingerprint: `${FINGERPRINT_VERSION}.${fingerprint}` };
}
