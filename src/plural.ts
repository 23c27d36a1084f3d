/** `1 row`, `2 rows`: a count with its noun, for people. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
