/** The part of the closed list that is about what a seller reports to KooGallery and asks of it. */
import type { ErrorCodeFacts } from './error-classes.ts';

export const MARKETPLACE_ERROR_CODES = {
  MARKETPLACE_REFUSED: {
    class: 'unknown',
    hint: 'Look the code of KooGallery up in docs/koogallery-usage.md and docs/koogallery-sources.md.',
  },
  MARKETPLACE_DENIED: {
    class: 'account',
    hint: 'Check accessKey, secretKey and key of the channel, and that they belong to the seller.',
  },
  MARKETPLACE_UNREACHABLE: {
    class: 'transient',
    hint: 'Try again; KooGallery, or the way to it, had trouble.',
  },
  MARKETPLACE_UNREADABLE: {
    class: 'unknown',
    hint: 'The answer is not as documented. Look for a proxy between here and KooGallery.',
  },
  INPUT_USAGE_INVALID: {
    class: 'input',
    hint: 'Correct these records and send all again; nothing was recorded.',
  },
  WEBHOOK_UNREADABLE: {
    class: 'unknown',
    hint: 'Correct what the provisioning webhook answers; it is asked again under the same Idempotency-Key.',
  },
  CHANNEL_UNKNOWN: { class: 'usage', hint: 'Use a slug from ONBOARD_KOOGALLERY.' },
  INSTANCE_UNKNOWN: { class: 'usage', hint: 'List them: `onboard koogallery instances CHANNEL`.' },
  FORM_UNKNOWN: { class: 'usage', hint: 'Open the link exactly as KooGallery shows it.' },
  FORM_CLOSED: { class: 'usage', hint: 'Open the link again: it shows how far the registration is.' },
  USAGE_UNKNOWN: { class: 'usage', hint: 'List the records: `onboard koogallery usage list SLUG`.' },
  USAGE_STATE: { class: 'usage', hint: 'See its state: `onboard koogallery usage list SLUG`.' },
} as const satisfies Record<string, ErrorCodeFacts>;
