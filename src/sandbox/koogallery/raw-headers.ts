/** Headers as they were written. Pure. */

export interface RawHeader {
  name: string;
  value: string;
}

/** All headers of this name, in any case, in their order. @param name in lower case */
export function headersNamed(rawHeaders: readonly string[], name: string): RawHeader[] {
  const found: RawHeader[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const written = rawHeaders[index] ?? '';
    if (written.toLowerCase() === name) found.push({ name: written, value: rawHeaders[index + 1] ?? '' });
  }
  return found;
}
