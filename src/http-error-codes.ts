/** The part of the closed list that only answers of the HTTP server have. */
import type { ErrorCodeFacts } from './error-classes.ts';

export const HTTP_ERROR_CODES = {
  UNAUTHENTICATED: { class: 'usage', hint: 'Log in, or send a key: Authorization: Bearer KEY.' },
  FORBIDDEN: { class: 'usage', hint: 'Ask an operator, or use a key that may do this.' },
  HOST_REFUSED: { class: 'usage', hint: 'Set ONBOARD_PUBLIC_URL to the address that people use.' },
  ORIGIN_REFUSED: { class: 'usage', hint: 'Use our own pages, or send a key.' },
  REQUEST_INVALID: {
    class: 'usage',
    hint: 'Correct what is named; /openapi.json says what each request takes.',
  },
  ROUTE_UNKNOWN: { class: 'usage', hint: 'See /openapi.json for what there is.' },
  BODY_TOO_LARGE: { class: 'usage', hint: 'Send less at once.' },
  MEDIA_TYPE_REFUSED: { class: 'usage', hint: 'See /openapi.json for the content types that it takes.' },
  SERVER_BUSY: { class: 'usage', hint: 'Wait for as long as Retry-After says.' },
  TOO_MANY_REQUESTS: { class: 'usage', hint: 'Wait for as long as Retry-After says.' },
  IDEMPOTENCY_KEY_REUSED: {
    class: 'usage',
    hint: 'Use a new key for each request; repeat one only as it was.',
  },
  IDEMPOTENCY_RUNNING: {
    class: 'usage',
    hint: 'Wait for as long as Retry-After says, and repeat the request.',
  },
  DOCTOR_RUNNING: { class: 'usage', hint: 'Wait until the other one is done.' },
  UPLOADS_UNWRITABLE: {
    class: 'usage',
    hint: 'Where the console or the API is served, let ONBOARD_DRAFTS name a folder that this process may write, with room on its disk and on that of temporary files.',
  },
  INTERNAL_ERROR: { class: 'unknown', hint: 'Look at the log of `onboard serve`.' },
  DRAFT_UNKNOWN: { class: 'usage', hint: 'Upload the file again; a draft is kept for 24 hours.' },
  ROW_UNKNOWN: { class: 'usage', hint: 'List the rows of the batch to see their numbers.' },
} as const satisfies Record<string, ErrorCodeFacts>;
