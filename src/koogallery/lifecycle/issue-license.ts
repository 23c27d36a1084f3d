/** The License that a webhook answers with: uploaded as the file that the marketplace wants, and kept nowhere here. */
import { z } from 'zod';
import type { ProxySettings } from '../../alibaba/proxy.ts';
import { AppError } from '../../errors.ts';
import type { OpenChannel } from '../channels.ts';
import { OpenApiClient } from '../openapi/client.ts';
import { uploadEventFile } from '../openapi/event-file.ts';
import { originsFrom } from '../openapi/hosts.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Task } from '../registry/task-record.ts';

const answerSchema = z.union([
  z
    .object({ license: z.string().min(1) })
    .transform(({ license }) => ({ fileName: 'license.txt', content: Buffer.from(license, 'utf8') })),
  z
    .object({ fileName: z.string().min(1).max(255), fileBase64: z.base64().min(1) })
    .transform(({ fileName, fileBase64 }) => ({ fileName, content: Buffer.from(fileBase64, 'base64') })),
]);

/**
 * The same License for the same event may be uploaded again.
 * @throws AppError CONFIG_INVALID if the channel has no access key, WEBHOOK_UNREADABLE if the answer has no License;
 *   those of `uploadEventFile`
 */
export async function uploadLicense(
  { channel, proxy }: { channel: OpenChannel; proxy: ProxySettings | undefined },
  task: Task,
  answer: JsonObject,
): Promise<void> {
  const { eventId } = task.fields;
  const file = answerSchema.safeParse(answer).data;
  if (file === undefined || typeof eventId !== 'string')
    throw new AppError(
      'WEBHOOK_UNREADABLE',
      'The answer cannot be used: neither license, nor fileName with fileBase64, is there.',
    );
  if (channel.openApi === undefined)
    throw new AppError(
      'CONFIG_INVALID',
      `KooGallery: ${channel.slug}: without openApi, nothing is uploaded.`,
    );
  const { accessKey, secretKey, origin } = channel.openApi;
  const client = new OpenApiClient({ origins: originsFrom(origin), keys: { accessKey, secretKey }, proxy });
  await uploadEventFile(client, { eventId, ...file });
}
