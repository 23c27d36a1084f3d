/** The part of the meanings that is about the HTTP server and the marketplace. */
import type { HTTP_ERROR_CODES } from '../../src/http-error-codes.ts';
import type { MARKETPLACE_ERROR_CODES } from '../../src/marketplace-error-codes.ts';

type Code = keyof typeof HTTP_ERROR_CODES | keyof typeof MARKETPLACE_ERROR_CODES;

export const HTTP_MEANINGS: Readonly<Record<Code, string>> = {
  UNAUTHENTICATED: 'Nobody is logged in, and no valid key was sent.',
  FORBIDDEN: 'This user or key may not do that.',
  HOST_REFUSED: 'The server is not known under the host name that was used.',
  ORIGIN_REFUSED: 'The request came from a page of another site.',
  REQUEST_INVALID: 'The request is not as it should be; `errors` names the fields.',
  ROUTE_UNKNOWN: 'There is no such address.',
  BODY_TOO_LARGE: 'The request is too large.',
  MEDIA_TYPE_REFUSED: 'The request has a content type that is not taken.',
  SERVER_BUSY: 'Too many requests are under way together.',
  TOO_MANY_REQUESTS: 'Too many requests came from one sender.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used before, for another request.',
  IDEMPOTENCY_RUNNING: 'The first request with this key is not answered yet.',
  DOCTOR_RUNNING: 'The doctor is examining already.',
  UPLOADS_UNWRITABLE:
    'The folder of what is uploaded cannot be written. Nothing of the request was carried out.',
  INTERNAL_ERROR: 'A fault of ours. Whether the request was carried out is not certain.',
  DRAFT_UNKNOWN: 'There is no such draft, or it has run out.',
  ROW_UNKNOWN: 'The batch has no such row.',
  MARKETPLACE_REFUSED: 'KooGallery refused a call of ours.',
  MARKETPLACE_DENIED: 'KooGallery does not accept the keys of the channel.',
  MARKETPLACE_UNREACHABLE: 'KooGallery did not answer.',
  MARKETPLACE_UNREADABLE: 'KooGallery answered something else than is documented.',
  INPUT_USAGE_INVALID: 'Records of usage have mistakes.',
  WEBHOOK_UNREADABLE: 'The webhook answered something else than is documented. The task is tried again.',
  CHANNEL_UNKNOWN: 'There is no such channel in the configuration.',
  INSTANCE_UNKNOWN: 'The channel has no such instance.',
  FORM_UNKNOWN: 'The link to a form is not one of ours, or was changed on its way.',
  FORM_CLOSED: 'What the form asked for has been told already.',
  USAGE_UNKNOWN: 'There is no such record of usage.',
  USAGE_STATE: 'The record is in no state for this.',
};
