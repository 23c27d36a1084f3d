/** The text of a cell, which may be made of differently formatted runs. Pure. */

/**
 * Excel writes characters that XML cannot hold as `_x000D_`, and such a text itself as `_x005F_x000D_` (ECMA-376, Part 1,
 * 22.9.2.19).
 */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_escape, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** Collects the elements `t` of a string item; how it is read aloud (`rPh`, above Japanese names) is not part of it. */
export class RichText {
  #value = '';
  #isInText = false;
  #phonetic = 0;

  open(name: string): void {
    if (name === 'rPh') this.#phonetic++;
    this.#isInText = name === 't' && this.#phonetic === 0;
  }

  close(name: string): void {
    if (name === 'rPh') this.#phonetic--;
    this.#isInText = false;
  }

  text(text: string): void {
    if (this.#isInText) this.#value += text;
  }

  get value(): string {
    return decodeEscapes(this.#value);
  }
}
