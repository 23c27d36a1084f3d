/** `GET /v1/batches/:id/results`: the proof, streamed. */
import { PassThrough } from 'node:stream';
import { z } from 'zod';
import { RESULT_KINDS } from '../../batch/results.ts';
import { RESULT_FORMATS } from '../../batch/table-writer.ts';
import { type Api, type ApiOptions, batchParams, LOOKING, problems } from '../api-instance.ts';
import { keepToOwnBatches } from '../own-account.ts';

const query = z.object({
  kind: z
    .enum(RESULT_KINDS)
    .describe('Each row of a batch is in exactly one of them.')
    .meta({ examples: ['failed'] }),
  format: z.enum(RESULT_FORMATS).default('csv'),
});

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
const file = z.string().describe('The rows of that kind, as the source had them, with what became of them.');
const content = {
  'text/csv': { schema: file.meta({ examples: ['CustSpaceId,…,onboard_outcome\r\nC100001,…,failed\r\n'] }) },
  'application/x-ndjson': { schema: file.meta({ examples: ['{"CustSpaceId":"C100001"}\n'] }) },
  [TYPES.xlsx]: { schema: file.meta({ format: 'binary', examples: ['PK…'] }) },
};

export async function addResults(api: Api, { onboarding, logger }: ApiOptions): Promise<void> {
  api.route({
    method: 'GET',
    url: '/batches/:id/results',
    exposeHeadRoute: false,
    config: LOOKING,
    preHandler: keepToOwnBatches(onboarding),
    schema: {
      operationId: 'downloadResults',
      summary: 'Download what became of the rows of one kind',
      tags: ['Batches'],
      params: batchParams,
      querystring: query,
      response: { 200: { description: 'A file to download.', content }, ...problems(404) },
    },
    handler: async ({ params: { id }, query: { kind, format } }, reply) => {
      // Before the first byte: afterwards nothing can be told any more.
      await onboarding.accountOfBatch(id);
      const output = new Download();
      onboarding.writeResults(id, { outputs: { [kind]: output }, format }).catch((error: Error) => {
        logger.warn({ event: 'download_failed', batch: id, error: error.message }, 'a download ended early');
        output.destroy(error);
      });
      const disposition = `attachment; filename="${id}-${kind}.${format}"`;
      return reply
        .type(TYPES[format])
        .header('content-disposition', disposition)
        .send(output as never);
    },
  });
}

/** Whoever writes into it learns that nobody reads it any more. */
class Download extends PassThrough {
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    done(error ?? (this.readableEnded ? null : new Error('whoever asked has gone')));
  }
}
