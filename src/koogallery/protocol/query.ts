/** The query string of a request as it came over the wire. Pure. */

/** Parameters by name, decoded. */
export type Params = Record<string, string>;

/**
 * How a query string is decoded. `form`: as browsers and servlets do, `+` is a space. `literal`: `+` stays. `double`: for
 * values that were encoded twice. A signature decides which one was meant (docs/koogallery-sources.md).
 */
export type QueryReading = 'form' | 'literal' | 'double';

/** The first value of each parameter counts; `duplicates` names those that came more than once. */
export interface Query {
  params: Params;
  duplicates: string[];
}

/** What stands behind the first `?` of a URL, as it came. */
export function queryOf(url: string): string {
  const mark = url.indexOf('?');
  return mark === -1 ? '' : url.slice(mark + 1);
}

/** @param text what stands behind the `?` of the URL: `queryOf` */
export function readQuery(text: string, reading: QueryReading = 'form'): Query {
  const params = new Map<string, string>();
  const duplicates = new Set<string>();
  for (const [name, value] of new URLSearchParams(reading === 'literal' ? plusKept(text) : text)) {
    if (params.has(name)) duplicates.add(name);
    else params.set(name, reading === 'double' ? decodeAgain(value) : value);
  }
  return { params: Object.fromEntries(params), duplicates: [...duplicates] };
}

/** A query string of these parameters, percent-encoded so that every reading but `double` gives them back. */
export function writeQuery(params: Readonly<Params>): string {
  return Object.entries(params)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}

function plusKept(text: string): string {
  return text.replaceAll('+', '%2B');
}

function decodeAgain(value: string): string {
  return new URLSearchParams(`v=${value.replaceAll('&', '%26')}`).get('v') ?? '';
}
