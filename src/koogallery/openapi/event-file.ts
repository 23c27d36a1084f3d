/** Uploads what an event of the marketplace asked for: the License that `getLicenseAsync` wants, as a file. */
import { randomBytes } from 'node:crypto';
import type { OpenApiClient } from './client.ts';
import { requireDone } from './require-done.ts';

const PATH = '/api/mkp-openapi-public/global/v1/market-event';

export interface EventFile {
  /** As the marketplace named the event. */
  eventId: string;
  fileName: string;
  content: Uint8Array;
}

/**
 * The same file for the same event may be uploaded again.
 * @throws AppError MARKETPLACE_UNREACHABLE, MARKETPLACE_DENIED, MARKETPLACE_REFUSED
 */
export async function uploadEventFile(client: OpenApiClient, file: EventFile): Promise<void> {
  const boundary = `onboard-${randomBytes(16).toString('hex')}`;
  const outcome = await client.call({
    method: 'POST',
    path: `${PATH}/${encodeURIComponent(file.eventId)}/file`,
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: partsOf(file, boundary),
  });
  requireDone(outcome, 'The upload of a file for an event');
}

function partsOf({ fileName, content }: EventFile, boundary: string): Uint8Array {
  // As browsers write it: what would end the name or its line is escaped.
  const name = fileName.replace(/[\r\n"]/g, (character) => encodeURIComponent(character));
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="file"; filename="${name}"`,
    'Content-Type: application/octet-stream',
    '\r\n',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}
