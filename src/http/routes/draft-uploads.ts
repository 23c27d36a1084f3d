/** `POST /v1/drafts`, and agreements that are added to a draft. */
import { basename } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { OpenDraft } from '../../draft/drafts.ts';
import { AppError } from '../../errors.ts';
import { ownerOf } from '../access.ts';
import { ACTING, type Api, problems } from '../api-instance.ts';
import { type DraftJson, draftSchema } from '../json/draft.ts';
import type { UploadFolder } from '../upload/folder.ts';
import { readyAgreement, readyAgreements } from '../upload/into-draft.ts';
import { batchLimits } from '../upload/limits.ts';
import { parseOptions } from '../upload/options.ts';
import { receiveParts } from '../upload/receive.ts';
import { agreementsUpload, draftUpload } from '../upload/schemas.ts';
import { takeOnce, takeUploads } from '../upload/uploads.ts';
import { assertFew, ROW_MAX } from './draft-changes.ts';
import { type Drafting, draftParams } from './drafting.ts';

const CONSUMES = ['multipart/form-data'];
const REFUSALS = problems(404, 409, 413, 415, 422, 429);
const addQuery = z.object({
  row: z.coerce
    .number()
    .int()
    .positive()
    .max(ROW_MAX)
    .optional()
    .describe('The row whose agreement it becomes.'),
});

type Show = (drafting: Drafting, shown: { draft: OpenDraft; request: FastifyRequest }) => Promise<DraftJson>;

export async function addDraftUploads(api: Api, drafting: Drafting, show: Show): Promise<void> {
  await takeUploads(api);
  addDraft(api, drafting, show);
  addAgreements(api, drafting, show);
}

function receive(
  { onboarding }: Drafting,
  { request, folder }: { request: FastifyRequest; folder: UploadFolder },
  more: { table?: string; texts: string[] },
) {
  const limits = batchLimits(onboarding.settings.http);
  return receiveParts(request, { into: folder, agreements: 'agreements', limits, ...more });
}

function addDraft(api: Api, drafting: Drafting, show: Show): void {
  const { drafts } = drafting;
  const parts = { table: 'customers', texts: ['options'] };
  api.route({
    method: 'POST',
    url: '/drafts',
    config: { ...ACTING, readsOwnBody: true },
    schema: {
      operationId: 'createDraft',
      summary: 'Upload a file of customers to correct it',
      description: 'It is kept for 24 hours, and only for you.',
      tags: ['Drafts'],
      consumes: CONSUMES,
      body: draftUpload,
      response: { 201: draftSchema, ...REFUSALS },
    },
    handler: async (request, reply) => {
      const owner = ownerOf(request);
      const take = () =>
        takeOnce(
          drafting,
          { request, reply, limits: drafting.uploads },
          (folder) => receive(drafting, { request, folder }, parts),
          async ({ body: { table, fields, remarks }, folder }) => {
            if (table === undefined)
              throw new AppError('REQUEST_INVALID', 'There is no part `customers`, the file of customers.');
            const options = parseOptions(fields.get('options'));
            const draft = await drafts.add(owner, folder.path, { name: basename(table), options, remarks });
            const shown = await show(drafting, { draft, request });
            return () => reply.code(201).send(shown);
          },
        );
      return drafts.whileRoom(owner, take) as never;
    },
  });
}

function addAgreements(api: Api, drafting: Drafting, show: Show): void {
  const { drafts, onboarding } = drafting;
  const { bytesMax } = batchLimits(onboarding.settings.http);
  api.route({
    method: 'POST',
    url: '/drafts/:id/agreements',
    config: { ...ACTING, readsOwnBody: true },
    schema: {
      operationId: 'addDraftAgreements',
      summary: 'Add agreements to a draft',
      description:
        'One that is there already under the same name is replaced; with `row`, it gets another name.',
      tags: ['Drafts'],
      consumes: CONSUMES,
      params: draftParams,
      querystring: addQuery,
      body: agreementsUpload,
      response: { 200: draftSchema, ...REFUSALS },
    },
    handler: async (request, reply) => {
      const owner = ownerOf(request);
      const { id } = await drafts.find(owner, request.params.id);
      return takeOnce(
        drafting,
        { request, reply, limits: drafting.uploads },
        (folder) => receive(drafting, { request, folder }, { texts: [] }),
        async ({ body: { remarks }, folder }) => {
          const { row } = request.query;
          const from = folder.agreements;
          const draft = await drafts.addAgreements({ owner, id, from }, async (before) => {
            const told = { remarks: [...before.remarks, ...remarks] };
            const into = { from, to: before.agreements, bytesMax };
            if (row !== undefined)
              return { ...told, cells: withAgreement(before, row, await readyAgreement(into)) };
            await readyAgreements(into);
            return told;
          });
          const shown = await show(drafting, { draft, request });
          return () => reply.send(shown);
        },
      ) as never;
    },
  });
}

function withAgreement({ cells, leftOut }: OpenDraft, row: number, name: string): OpenDraft['cells'] {
  const changed = { ...cells, [row]: { ...cells[row], IsvTerms: name } };
  assertFew(changed, leftOut.length);
  return changed;
}
