/** What a file is for, by its name: the server looks at its bytes. Pure. */

export type FileKind = 'customers' | 'agreements' | 'unknown';

const KINDS: readonly [FileKind, RegExp][] = [
  ['customers', /\.(csv|tsv|txt|xlsx|ndjson|jsonl|json)$/i],
  ['agreements', /\.(pdf|zip)$/i],
];

export const kindOf = (name: string): FileKind =>
  KINDS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'unknown';

/** The parts that the API takes. */
export function formOf(files: readonly File[], options: Record<string, unknown>): FormData {
  const form = new FormData();
  // First, so that the server knows how to read what follows.
  form.append('options', JSON.stringify(options));
  const order: FileKind[] = ['customers', 'agreements'];
  for (const kind of order)
    for (const file of files) if (kindOf(file.name) === kind) form.append(kind, file, file.name);
  return form;
}
