/** The envelope of every answer of Chat App; lower-case names come from some gateways. */
import { z } from 'zod';
import { peerMessage, peerName, peerRequestId } from '../peer-text.ts';

export const envelopeSchema = z
  .object({
    Code: peerName,
    code: peerName,
    Message: peerMessage,
    message: peerMessage,
    RequestId: peerRequestId,
    requestId: peerRequestId,
    Data: z.unknown().optional(),
    TotalCount: z.number().int().nonnegative().optional().catch(undefined),
  })
  .transform((body) => ({
    code: body.Code ?? body.code,
    message: body.Message ?? body.message,
    requestId: body.RequestId ?? body.requestId,
    data: body.Data,
    total: body.TotalCount,
  }));
export type Envelope = z.output<typeof envelopeSchema>;
