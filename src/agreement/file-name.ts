/**
 * The name of an agreement in OSS: made from its content, so that sending it twice is harmless.
 * @param sha256 hexadecimal
 */
export function agreementFileName(sha256: string): string {
  return `isvterms-${sha256.slice(0, 16)}.pdf`;
}
