/** What is checked again after a correction, and that nobody can tell it from a check of the whole. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { INPUT_FIELDS } from '../../src/customer/fields.ts';
import { checkDraft } from '../../src/draft/check-draft.ts';
import { DraftChecks } from '../../src/draft/draft-checks.ts';
import type { OpenDraft } from '../../src/draft/drafts.ts';
import { makeCustomer } from '../support/customers.ts';
import { draftIn, makeUploadFolder } from '../support/drafts.ts';

const ROWS = 12;
const RUNS = Number(process.env.FUZZ_RUNS ?? 12);
const FILES = Array.from({ length: 8 }, (_, index) => `agreement-${index + 1}.pdf`);
const rows = Array.from({ length: ROWS }, (_, index) =>
  makeCustomer(index + 1, {
    // Some customers come twice, one of them three times, and some agreements are missing.
    CustSpaceId: `C10000${(index % 7) + 1}`,
    ...(index === 4 ? { ContactMail: 'nobody' } : {}),
  }),
);
const PAGE = { from: 1, limit: 50, onlyBad: false };

async function makeDraft(): Promise<OpenDraft> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return draftIn(await makeUploadFolder(folder, rows, FILES));
}

const value = fc.constantFrom(
  ...[
    'C100001',
    'C100002',
    ' c100003 ',
    'C100003',
    '',
    'agreement-1.pdf',
    'AGREEMENT-2.PDF',
    'agreement-99.pdf',
  ],
  ...['SG', 'Nowhere', 'person1@customer.example', 'nobody', 'x'.repeat(5_000), '\u0000'],
);
const number = fc.integer({ min: 1, max: ROWS + 1 });
const correction = fc.oneof(
  fc.record({ is: fc.constant('cell'), number, column: fc.constantFrom(...INPUT_FIELDS), value }),
  fc.record({ is: fc.constant('identity'), number, column: fc.constant('CustSpaceId'), value }),
  fc.record({ is: fc.constantFrom('leave', 'take'), number }),
  fc.record({ is: fc.constant('forget'), number }),
);
type Correction = { is: string; number: number; column?: string; value?: string };

function withCorrection(
  draft: OpenDraft,
  { is, number: at, column = '', value: text }: Correction,
): OpenDraft {
  const { [at]: before, ...others } = draft.cells;
  const leftOut = draft.leftOut.filter((each) => each !== at);
  if (is === 'leave') return { ...draft, leftOut: [...leftOut, at] };
  if (is === 'take') return { ...draft, leftOut };
  return { ...draft, cells: is === 'forget' ? others : { ...others, [at]: { ...before, [column]: text } } };
}

it('says after any corrections what a check of the whole says', async () => {
  const draft = await makeDraft();
  const order = (strictPdf: boolean, from: number) => ({
    reading: {},
    strictPdf,
    page: { ...PAGE, from, limit: 5 },
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(correction, { maxLength: 3 }), { maxLength: 6 }),
      number,
      async (steps, from) => {
        const checks = new DraftChecks();
        let now = draft;
        for (const step of [[], ...steps]) {
          now = step.reduce<OpenDraft>((before, each) => withCorrection(before, each), now);
          const checked = await checks.check(now, order(false, from));
          expect(checked).toEqual(await checkDraft(now, order(false, from)));
        }
      },
    ),
    { numRuns: RUNS, seed: 1 },
  );
});

it('reads no agreement again that a correction does not concern, and all after a change of what it depends on', async () => {
  const draft = await makeDraft();
  const checks = new DraftChecks();
  const order = { reading: {}, page: PAGE };
  const before = await checks.check(draft, order);
  // Whoever reads it now finds something else.
  await writeFile(join(draft.agreements, FILES[0] ?? ''), 'no PDF');
  const cells = { 5: { ContactMail: 'somebody@customer.example' } };
  const corrected = await checks.check({ ...draft, cells }, order);
  expect(corrected.page[0]).toEqual(before.page[0]);
  expect(corrected.rows.good).toBe(before.rows.good + 1);
  const codes = (await checks.check({ ...draft, cells, adding: 'adding-x' }, order)).page[0]?.problems;
  expect(codes).toMatchObject([{ code: 'AGREEMENT_NOT_PDF' }]);
});

it('keeps no more than it may, and nothing of a draft that is gone', async () => {
  const draft = await makeDraft();
  const order = { reading: {}, page: PAGE };
  for (const [checks, forget] of [
    [new DraftChecks({ keptLengthMax: 100 }), false],
    [new DraftChecks({ keptLengthMax: 12_000 }), false],
    [new DraftChecks(), true],
  ] as const) {
    await checks.check(draft, order);
    if (forget) checks.forget(draft.id);
    await checks.check({ ...draft, id: 'another' }, order);
    await rm(draft.table);
    await expect(checks.check(draft, order)).resolves.toMatchObject({
      problem: { code: 'INPUT_UNREADABLE' },
    });
    await makeUploadFolder(draft.folder, rows, FILES);
  }
});

it('takes no more rows than an import does', async () => {
  const draft = await makeDraft();
  const checked = await checkDraft(draft, { reading: {}, page: PAGE, rowsMax: ROWS - 1 });
  expect(checked.problem?.code).toBe('INPUT_TOO_MANY_ROWS');
});
