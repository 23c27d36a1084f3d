/**
 * Seals what Redis must not hold in the clear: passwords, phone numbers, e-mail addresses. AES-256-GCM, with a key of
 * each channel that is derived from a secret of the environment; the text says nothing about which one.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '../errors.ts';
import type { OpenChannel } from './channels.ts';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Before what is sealed; the number is that of the form. */
const MARK = 'sealed1.';

export interface Seal {
  /** @returns printable ASCII */
  seal(text: string): string;
  /** @throws AppError CONFIG_INVALID if no key opens it */
  open(sealed: string): string;
}

export function sealOf({ slug, sealKeys }: Pick<OpenChannel, 'slug' | 'sealKeys'>): Seal {
  // Deriving takes longer than sealing.
  const [first = Buffer.alloc(0), ...others] = sealKeys.map((secret) => deriveKey(secret, slug));
  return {
    seal: (text) => seal(first, text),
    open(sealed) {
      for (const key of [first, ...others]) {
        const text = tryOpen(key, sealed);
        if (text !== undefined) return text;
      }
      throw new AppError(
        'CONFIG_INVALID',
        `KooGallery: ${slug}: what was sealed cannot be opened any more.`,
        {
          hint: 'Add the key that sealed it to ONBOARD_SEAL_KEY, or as previousKey of the channel.',
        },
      );
    },
  };
}

/** Whether a text is one that `seal` made. */
export function isSealed(text: string): boolean {
  return text.startsWith(MARK);
}

function deriveKey(secret: string, slug: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `isv-onboarding koogallery seal ${slug}`, KEY_BYTES));
}

function seal(key: Buffer, text: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return MARK + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}

/** @returns undefined if another key sealed it, or nobody did */
function tryOpen(key: Buffer, sealed: string): string | undefined {
  if (!isSealed(sealed)) return undefined;
  const bytes = Buffer.from(sealed.slice(MARK.length), 'base64url');
  const bodyAt = IV_BYTES + TAG_BYTES;
  if (bytes.length < bodyAt) return undefined;
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(bytes.subarray(IV_BYTES, bodyAt));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(bodyAt)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
