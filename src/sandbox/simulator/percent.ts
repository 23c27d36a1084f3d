/** RFC 3986 percent-encoding, as all Alibaba Cloud signatures require it. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The target of a request in its two parts; the query is without the question mark, and may have more of them. */
export function splitTarget(target = '/'): { path: string; query: string } {
  const at = target.indexOf('?');
  return at < 0 ? { path: target, query: '' } : { path: target.slice(0, at), query: target.slice(at + 1) };
}

/** `a=1&b=%20` → decoded pairs, sorted by their decoded names. Throws URIError if one cannot be decoded. */
export function parseQuery(query: string): [string, string][] {
  const decode = (part: string) => decodeURIComponent(part.replace(/\+/g, '%20'));
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const at = part.indexOf('=');
      return at < 0 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
    })
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
