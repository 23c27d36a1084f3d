/** The digests on which all signatures of KooGallery stand, and how two of them are compared. Pure. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

type Data = string | Uint8Array;

export function sha1(data: Uint8Array): Buffer {
  return createHash('sha1').update(data).digest();
}

/** HMAC-SHA256 with the UTF-8 bytes of `key` over the parts one after the other, strings in UTF-8. */
export function hmacSha256(key: string, ...parts: Data[]): Buffer {
  const hmac = createHmac('sha256', Buffer.from(key, 'utf8'));
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** Whether two texts are equal, in a time that depends on neither of them, whatever their lengths. */
export function safeEqual(a: string, b: string): boolean {
  const digestOf = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digestOf(a), digestOf(b));
}
