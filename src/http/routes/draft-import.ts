/** `POST /v1/drafts/:id/import`: a draft becomes a batch, once. */
import { basename } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { openCorrected, rowsToImport } from '../../draft/corrected-rows.ts';
import type { OpenDraft } from '../../draft/drafts.ts';
import { AppError } from '../../errors.ts';
import { nameOf, ownerOf } from '../access.ts';
import { ACTING, type Api, problems } from '../api-instance.ts';
import { digestOf } from '../idempotency/idempotency.ts';
import { accountFor } from '../own-account.ts';
import { RowErrors } from '../upload/errors.ts';
import { type BatchOptions, batchShape, checkOptions, toOrder } from '../upload/options.ts';
import { begun, begunSchema, refusal } from './add-batch.ts';
import { isPurged } from './draft-surroundings.ts';
import { type Drafting, draftParams } from './drafting.ts';
import { inTurn } from './registering.ts';

const importBody = z
  .object({ ...batchShape, skipInvalid: z.boolean().optional() })
  .nullish()
  .meta({ id: 'DraftImport', description: 'What becomes of the rows.', examples: [{ name: 'January' }] });

export function addDraftImport(api: Api, drafting: Drafting): void {
  const { drafts, onboarding } = drafting;
  api.route({
    method: 'POST',
    url: '/drafts/:id/import',
    config: ACTING,
    schema: {
      operationId: 'importDraft',
      summary: 'Register the corrected rows as one batch',
      description:
        'Once: after that it answers with the same batch, whatever it is asked; 409 if that was purged.',
      tags: ['Drafts'],
      params: draftParams,
      body: importBody,
      response: { 202: begunSchema, ...problems(404, 409, 422) },
    },
    handler: async (request, reply) => {
      const found = new RowErrors();
      try {
        const owner = ownerOf(request);
        const { id } = await drafts.find(owner, request.params.id);
        const { batch, unnoted } = await inTurn({ onboarding, request, reply, draft: id }, () =>
          drafts.register(owner, id, (draft) => {
            const options = { ...checkOptions(draft.options), ...(request.body ?? {}) };
            return importOnce(drafting, { draft, options, request, found });
          }),
        );
        if (unnoted !== undefined)
          request.log.warn({ event: 'draft_not_noted', batch, error: unnoted.message }, 'a draft stays open');
        if (await isPurged(onboarding, { batch })) throw purged(batch);
        return (await begun(onboarding, batch, { request, reply }))() as never;
      } catch (error) {
        return refusal(reply, found, error)() as never;
      }
    },
  });
}

const purged = (batch: string) =>
  new AppError('BATCH_STATE', `This draft was registered as batch ${batch}, which has been purged since.`, {
    hint: 'Upload the file again to register it once more.',
  });

interface Importing {
  draft: OpenDraft;
  options: BatchOptions;
  request: FastifyRequest;
  found: RowErrors;
}

/** @returns the batch, which may be that of a process that was killed before it noted it in the draft */
async function importOnce(
  { onboarding }: Drafting,
  { draft, options, request, found }: Importing,
): Promise<string> {
  const { format, encoding, delimiter, sheet, headerRow, map, ...order } = toOrder(options);
  const account = accountFor(request, options.account);
  const where = account === undefined ? {} : { account };
  // Not of an Idempotency-Key, and not of what else is asked: a second click may have another one, and another name.
  const requestKey = digestOf([draft.id, draft.revision]);
  const done = await onboarding.findImported(requestKey, where);
  if (done !== undefined) return done;
  const table = await openCorrected(draft, { format, encoding, delimiter, sheet, headerRow, map });
  // The first row is the header, wherever it stands in the file; keys of objects stand nowhere.
  const header = { map, ...(table.line === 0 ? {} : { headerRow: table.line }) };
  try {
    const { batchId } = await onboarding.import({
      ...{ ...order, ...header, ...where, requestKey },
      from: { rows: rowsToImport(table), name: basename(draft.table) },
      agreements: draft.agreements,
      by: nameOf(request),
      onInvalid: found.onInvalid,
    });
    return batchId;
  } finally {
    // An import that refuses the header reads no row, and the file would stay open.
    await table.rows.return(undefined);
  }
}
