/** The envelope of every answer of Chat App; lower-case names come from some gateways. */
import { z } from 'zod';
import { peerMessage, peerName } from '../peer-text.ts';

export const envelopeSchema = z
  .object({
    Code: peerName.optional(),
    code: peerName.optional(),
    Message: peerMessage.optional(),
    message: peerMessage.optional(),
    RequestId: peerName.optional(),
    requestId: peerName.optional(),
    Data: z.unknown().optional(),
  })
  .transform((body) => ({
    code: body.Code ?? body.code,
    message: body.Message ?? body.message,
    requestId: body.RequestId ?? body.requestId,
    data: body.Data,
  }));
export type Envelope = z.output<typeof envelopeSchema>;
