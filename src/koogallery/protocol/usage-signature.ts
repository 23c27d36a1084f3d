/** The signature of the new usage push (docs/koogallery-sources.md), which the seller sends. Pure. */
import { hmacSha256 } from './hmac.ts';

/**
 * The header `signature`, in Base64.
 * @param ts Unix time in milliseconds, as it stands in its header
 * @param body the exact text that is sent
 */
export function usageSignature(
  key: string,
  { ts, nonce, body }: { ts: string; nonce: string; body: string },
): string {
  return hmacSha256(key, `ts=${ts}&nonce=${nonce}&body=${body}`).toString('base64');
}
