/** JSON from and to the marketplace. Pure. */

/** The largest body that is read, in bytes. */
export const BODY_BYTES_MAX = 65_536;
/** How deep objects and arrays may stand in each other. Documented bodies have three levels. */
export const JSON_DEPTH_MAX = 32;

export type JsonObject = Record<string, unknown>;

/** `duplicates`: names that one object has twice; as in Java, the last one counts. */
export type JsonReading =
  | { ok: true; value: JsonObject; duplicates: string[] }
  | { ok: false; reason: 'empty' | 'too-large' | 'too-deep' | 'not-utf8' | 'not-json' | 'not-an-object' };

/** Reads a body that must be one JSON object in UTF-8; a byte order mark and spaces around it are no fault. */
export function readJsonObject(body: Uint8Array): JsonReading {
  if (body.length > BODY_BYTES_MAX) return { ok: false, reason: 'too-large' };
  const text = decodeUtf8(body);
  if (text === undefined) return { ok: false, reason: 'not-utf8' };
  if (text.trim() === '') return { ok: false, reason: 'empty' };
  const value = parseJson(text);
  if (value === undefined) return { ok: false, reason: 'not-json' };
  if (!isJsonObject(value)) return { ok: false, reason: 'not-an-object' };
  const { depth, duplicates } = surveyJson(text);
  return depth > JSON_DEPTH_MAX ? { ok: false, reason: 'too-deep' } : { ok: true, value, duplicates };
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a JSON text; undefined if it is none, which no JSON text means. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Compact JSON of ASCII alone: the marketplace asks for everything else as `\uXXXX`. */
export function asciiJson(value: object): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** How deep a text goes, and which names stand twice in one object. The text is JSON already, so its tokens suffice. */
function surveyJson(text: string): { depth: number; duplicates: string[] } {
  const open: Set<string>[] = [];
  const duplicates = new Set<string>();
  let depth = 0;
  for (const [token, name] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth = Math.max(depth, open.push(new Set()));
    else if (token === '}' || token === ']') open.pop();
    else if (name !== undefined) notice(String(JSON.parse(name)));
  }
  return { depth, duplicates: [...duplicates] };

  function notice(name: string): void {
    const names = open.at(-1);
    if (names?.has(name)) duplicates.add(name);
    names?.add(name);
  }
}
