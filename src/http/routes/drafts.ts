/** `/v1/drafts`: files of customers that a person corrects before they are imported; each is only its owner's. */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { type Stringifier, stringify } from 'csv-stringify';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CSV_FOR_EXCEL } from '../../batch/table-writer.ts';
import { checkDraft } from '../../draft/check-draft.ts';
import type { OpenDraft } from '../../draft/drafts.ts';
import type { CheckedDraftRow, PageOrder } from '../../draft/summary.ts';
import { ownerOf } from '../access.ts';
import { ACTING, type Api, type ApiOptions, problems } from '../api-instance.ts';
import { inPlace, takePlace } from '../busy.ts';
import { draftSchema, listedDraftSchema, toDraft, toListedDraft } from '../json/draft.ts';
import { fromCursor, pageQuery } from '../paging.ts';
import { checkOptions, toOrder } from '../upload/options.ts';
import { changeSchema, type DraftChange, withChange } from './draft-changes.ts';
import { addDraftImport } from './draft-import.ts';
import { isPurged, lookAround } from './draft-surroundings.ts';
import { addDraftUploads } from './draft-uploads.ts';
import { type Drafting, draftParams, openDrafting } from './drafting.ts';

const FIRST_PAGE = { from: 1, limit: 50, onlyBad: false };
const placeSchema = z.object({ row: z.number().int().positive() });
const showQuery = z.object({
  ...pageQuery,
  only: z.literal('bad').optional().describe('Rows with problems.'),
});
const draftsSchema = z
  .object({ drafts: z.array(listedDraftSchema) })
  .meta({ id: 'Drafts', description: 'Your drafts, the newest first.', examples: [{ drafts: [] }] });
const tableSchema = z.string().meta({
  examples: [
    'row,line,column,value,code,message\r\n2,3,ContactMail,nobody,EMAIL_INVALID,is not an address\r\n',
  ],
});
const TAGS = ['Drafts'];
const ERRORS_TABLE = ['row', 'line', 'column', 'value', 'code', 'message'];

export async function addDrafts(api: Api, options: ApiOptions): Promise<void> {
  const drafting = openDrafting(api, options);
  await api.register(async (scope) => addDraftUploads(scope as unknown as Api, drafting, show));
  addReading(api, drafting);
  addChanging(api, drafting);
  addDraftImport(api, drafting);
}

interface Shown {
  draft: OpenDraft;
  request: FastifyRequest;
  page?: PageOrder;
}

/** Checks a draft, and shows a page of it. */
export async function show(
  { onboarding, drafts, checks }: Drafting,
  { draft, request, page = FIRST_PAGE }: Shown,
) {
  const { strictPdf, ...reading } = toOrder(checkOptions(draft.options));
  const checked = await checks.check(draft, { reading, strictPdf, page }).finally(() =>
    drafts.assertThere(draft).catch((error: Error) => {
      checks.forget(draft.id);
      throw error;
    }),
  );
  const around = await lookAround(onboarding, { draft, rows: checked.rows.good, request });
  return toDraft(draft, checked, around);
}

function addReading(api: Api, drafting: Drafting): void {
  const { drafts, onboarding, checking, tables } = drafting;
  api.route({
    method: 'GET',
    url: '/drafts',
    config: ACTING,
    schema: {
      operationId: 'listDrafts',
      summary: 'List your drafts',
      tags: TAGS,
      response: { 200: draftsSchema, ...problems() },
    },
    handler: async (request) => ({
      drafts: await Promise.all(
        (await drafts.list(ownerOf(request))).map(async (draft) =>
          toListedDraft(draft, { isPurged: await isPurged(onboarding, draft) }),
        ),
      ),
    }),
  });
  api.route({
    method: 'GET',
    url: '/drafts/:id',
    config: ACTING,
    schema: {
      operationId: 'readDraft',
      summary: 'Check a draft, and show a page of its rows',
      tags: TAGS,
      params: draftParams,
      querystring: showQuery,
      response: { 200: draftSchema, ...problems(404, 429) },
    },
    handler: async (request, reply) => {
      const { limit, cursor, only } = request.query;
      const from = fromCursor(placeSchema, cursor)?.row ?? 1;
      const page = { from, limit, onlyBad: only === 'bad' };
      return inPlace(checking, { request, reply }, async () => {
        const draft = await drafts.find(ownerOf(request), request.params.id);
        return show(drafting, { draft, request, page });
      });
    },
  });
  api.route({
    method: 'GET',
    url: '/drafts/:id/errors.csv',
    config: ACTING,
    schema: {
      operationId: 'readDraftErrors',
      summary: 'All problems of a draft as a table',
      tags: TAGS,
      params: draftParams,
      response: {
        200: { description: 'A table.', content: { 'text/csv': { schema: tableSchema } } },
        ...problems(404, 429),
      },
    },
    handler: async (request, reply) => {
      const draft = await drafts.find(ownerOf(request), request.params.id);
      const table = errorsOf(draft, takePlace(tables, { request, reply }));
      reply.header('content-disposition', 'attachment; filename="errors.csv"');
      return reply.type('text/csv; charset=utf-8').send(table as never);
    },
  });
}

/** Written while it is checked, as fast as it is read: however many there are, none are held. */
function errorsOf(draft: OpenDraft, onEnd: () => void): Readable {
  const table = stringify({ header: true, columns: ERRORS_TABLE, ...CSV_FOR_EXCEL });
  const gone = new AbortController();
  table.once('close', () => {
    gone.abort();
    onEnd();
  });
  const onBad = async ({ row, line, cells, problems: found }: CheckedDraftRow) => {
    for (const { column = '', code, message } of found) {
      gone.signal.throwIfAborted();
      const value = Object.entries(cells).find(([field]) => field === column)?.[1] ?? '';
      const hasRoom = table.write([String(row), String(line), column, value, code, message]);
      if (!hasRoom) await once(table, 'drain', { signal: gone.signal });
    }
  };
  writeErrors(draft, table, onBad);
  return table;
}

function writeErrors(
  draft: OpenDraft,
  table: Stringifier,
  onBad: (row: CheckedDraftRow) => Promise<void>,
): void {
  const page = { from: 1, limit: 0, onlyBad: true };
  const check = async () => {
    const { strictPdf, ...reading } = toOrder(checkOptions(draft.options));
    return checkDraft(draft, { reading, strictPdf, page }, { onBad });
  };
  check().then(
    ({ problem }) => {
      // Without it, a file that cannot be read would seem to have none.
      if (problem !== undefined) table.write(['', '', '', '', problem.code, problem.message]);
      table.end();
    },
    (error: Error) => table.destroy(error),
  );
}

function addChanging(api: Api, drafting: Drafting): void {
  const { drafts, checks, checking } = drafting;
  api.route({
    method: 'PATCH',
    url: '/drafts/:id',
    config: ACTING,
    bodyLimit: 1024 * 1024,
    schema: {
      operationId: 'changeDraft',
      summary: 'Correct cells, leave rows out, or read the file in another way',
      tags: TAGS,
      params: draftParams,
      body: changeSchema,
      response: { 200: draftSchema, ...problems(404, 409, 413, 429) },
    },
    handler: async (request, reply) => {
      const change: DraftChange = request.body;
      const owner = ownerOf(request);
      // Before anything is changed: who is told to come again has changed nothing.
      return inPlace(checking, { request, reply }, async () => {
        const draft = await drafts.change(owner, request.params.id, (before) => withChange(before, change));
        return show(drafting, { draft, request });
      });
    },
  });
  api.route({
    method: 'DELETE',
    url: '/drafts/:id',
    config: ACTING,
    schema: {
      operationId: 'deleteDraft',
      summary: 'Delete a draft with its files',
      tags: TAGS,
      params: draftParams,
      response: { 204: z.undefined().describe('It is gone.'), ...problems(404) },
    },
    handler: async (request, reply) => {
      await drafts.remove(ownerOf(request), request.params.id);
      checks.forget(request.params.id);
      return reply.code(204).send();
    },
  });
}
