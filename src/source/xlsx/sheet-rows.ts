/** The rows of one sheet, in a stream. */
import type { Readable } from 'node:stream';
import type { RawCell, RawRow } from './cell-text.ts';
import { damaged, quoted, tooLarge } from './refusals.ts';
import { RichText } from './rich-text.ts';
import { isTrue } from './workbook.ts';
import { parseXml, type XmlHandlers } from './xml.ts';

/** The size of a sheet, as Excel has it. */
const ROWS_MAX = 1_048_576;
const COLUMNS_MAX = 16_384;
/** Of a sheet that is read; a million rows of ten columns have ten million. */
const CELLS_MAX = 20_000_000;
/** In characters, as they are written in the sheet itself. */
const ROW_LENGTH_MAX = 1024 * 1024;
/** Everything around the rows: widths of columns, rules, links. */
const OTHER_TAGS_MAX = 2_000_000;

/** What a sheet says beside its rows; complete when its rows have been read. */
export interface SheetFacts {
  hasFilter: boolean;
  /** From 0, first and last. */
  hiddenColumns: [first: number, last: number][];
}

export interface SheetRows {
  rows: AsyncGenerator<RawRow>;
  facts: SheetFacts;
}

export function readSheetRows(stream: Readable, sheetName: string): SheetRows {
  const what = `the sheet ${quoted(sheetName)}`;
  const parser = new SheetParser(what);
  async function* rows() {
    try {
      for await (const _chunk of parseXml(stream, what, parser)) yield* parser.take();
    } finally {
      stream.destroy();
    }
  }
  return { rows: rows(), facts: parser.facts };
}

class SheetParser implements XmlHandlers {
  readonly facts: SheetFacts = { hasFilter: false, hiddenColumns: [] };
  readonly #what: string;
  #ready: RawRow[] = [];
  #row: RawRow | undefined;
  #cell: RawCell | undefined;
  #inline: RichText | undefined;
  #isInValue = false;
  #line = 0;
  #column = -1;
  #length = 0;
  #cells = 0;
  #others = 0;

  constructor(what: string) {
    this.#what = what;
  }

  /** The rows that are complete; each is given once. */
  take(): RawRow[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#cell) this.#openInCell(this.#cell, name);
    else if (this.#row) {
      if (name === 'c') this.#openCell(attributes);
    } else if (name === 'row') this.#openRow(attributes);
    else this.#openOther(name, attributes);
  }

  #openOther(name: string, attributes: Readonly<Record<string, string>>): void {
    if (++this.#others > OTHER_TAGS_MAX)
      throw tooLarge(`${this.#what} has more than ${OTHER_TAGS_MAX} tags beside its cells`);
    if (name === 'autoFilter') this.facts.hasFilter = true;
    if (name !== 'col' || !isTrue(attributes.hidden)) return;
    if (this.facts.hiddenColumns.length < COLUMNS_MAX)
      this.facts.hiddenColumns.push([Number(attributes.min) - 1, Number(attributes.max) - 1]);
  }

  #openRow({ r, hidden }: Readonly<Record<string, string>>): void {
    const line = r === undefined ? this.#line + 1 : Number(r);
    if (!Number.isInteger(line) || line < 1) throw damaged(`row ${quoted(r ?? '')} of ${this.#what}`);
    if (line > ROWS_MAX) throw tooLarge(`${this.#what} has more than ${ROWS_MAX} rows`);
    if (line <= this.#line)
      throw damaged(`${this.#what}, in which row ${line} comes after row ${this.#line},`);
    this.#line = line;
    this.#column = -1;
    this.#length = 0;
    this.#row = { line, isHidden: isTrue(hidden), cells: [] };
  }

  #openCell({ r, t, s }: Readonly<Record<string, string>>): void {
    if (++this.#cells > CELLS_MAX) throw tooLarge(`${this.#what} has more than ${CELLS_MAX} cells`);
    const column = r === undefined ? this.#column + 1 : this.#columnOf(r);
    if (column >= COLUMNS_MAX) throw tooLarge(`${this.#what} has more than ${COLUMNS_MAX} columns`);
    const style = s === undefined ? 0 : Number(s);
    // Cells stand in the order of their columns; of two with one name nobody knows which counts.
    const isMisplaced = column <= this.#column;
    this.#cell = {
      column,
      type: t,
      style,
      isFormula: false,
      value: undefined,
      inline: undefined,
      isMisplaced,
    };
    this.#column = Math.max(column, this.#column);
  }

  #columnOf(reference: string): number {
    const [, letters, line] = /^([A-Z]{1,3})(\d{1,7})$/i.exec(reference) ?? [];
    if (letters === undefined || Number(line) !== this.#line)
      throw damaged(`row ${this.#line} of ${this.#what}, in which a cell is called ${quoted(reference)},`);
    let column = 0;
    for (const letter of letters.toUpperCase()) column = 26 * column + letter.charCodeAt(0) - 64;
    return column - 1;
  }

  #openInCell(cell: RawCell, name: string): void {
    this.#inline?.open(name);
    this.#isInValue = name === 'v';
    if (name === 'f') cell.isFormula = true;
    if (name === 'v') cell.value ??= '';
    if (name === 'is') this.#inline = new RichText();
  }

  text(text: string): void {
    if (!this.#cell) return;
    this.#length += text.length;
    if (this.#length > ROW_LENGTH_MAX)
      throw tooLarge(`row ${this.#line} of ${this.#what} has more than ${ROW_LENGTH_MAX} characters`);
    this.#inline?.text(text);
    if (this.#isInValue) this.#cell.value += text;
  }

  close(name: string): void {
    this.#isInValue = false;
    this.#inline?.close(name);
    if (name === 'is' && this.#cell) {
      this.#cell.inline = this.#inline?.value;
      this.#inline = undefined;
    } else if (name === 'c' && this.#cell) {
      this.#closeCell(this.#cell);
    } else if (name === 'row' && this.#row) {
      if (this.#row.cells.length > 0) this.#ready.push(this.#row);
      this.#row = undefined;
    }
  }

  /** Cells that are only formatted, of which there may be thousands in each row, are not kept. */
  #closeCell(cell: RawCell): void {
    const isEmpty = !cell.isFormula && !cell.value && !cell.inline;
    if (!isEmpty) this.#row?.cells.push(cell);
    this.#cell = undefined;
  }
}
