/**
 * JSON for a script. Redis' own decoder refuses half of a character (`\ud800`), and then the whole write fails: what is to
 * be written down must not depend on a text that somebody else sent.
 */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'string' ? part.toWellFormed() : part,
  );
}
