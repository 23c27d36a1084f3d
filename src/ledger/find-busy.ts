import { z } from 'zod';
import type { LedgerAccess } from './access.ts';
import type { NewRow } from './enroll.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

const resultSchema = z.object({ busy: z.array(z.number()) });

export const findBusyScript = defineLedgerScript('find-busy', {
  needs: 'claims',
  decode: resultSchema.parse,
});

/** The numbers of those rows whose customers are on their way with other data. */
export async function findBusy(
  ledger: LedgerAccess,
  rows: readonly Pick<NewRow, 'row' | 'custSpaceId' | 'fingerprint'>[],
): Promise<number[]> {
  if (rows.length === 0) return [];
  const values = rows.flatMap(({ custSpaceId, fingerprint }) => [custSpaceId, fingerprint]);
  const { busy } = await runLedgerScript(findBusyScript, ledger, values);
  return busy.flatMap((position) => rows[position - 1]?.row ?? []);
}
