/** What every format is read into. */

/** One record of a source; the first one that a source yields is its header. */
export interface SourceRow {
  /** Line of the file (row of the sheet) on which the record begins, counted from 1. */
  line: number;
  values: string[];
  /** Cells of a spreadsheet that are not certainly the text that stands for them in `values`. */
  refused?: RefusedCell[];
}

export interface RefusedCell {
  /** Of its column, from 0; it may lie beyond `values`. */
  index: number;
  /** As spreadsheets name it: `B7`. */
  cell: string;
  /** What follows its name in a sentence: `holds a date (2026-01-02), not text`. */
  why: string;
}

export interface TextOptions {
  /**
   * A label of the WHATWG Encoding Standard, such as `gb18030`, or `utf-32`; for text formats only. By default what the
   * bytes prove, else UTF-8.
   */
  encoding?: string | undefined;
  /** Column separator; for CSV only. By default the one that the first lines use. */
  delimiter?: string | undefined;
  /** Told, before the first row, how a source was read that is not UTF-8 with commas: `read as UTF-16 LE`. */
  onNote?: ((note: string) => void) | undefined;
}
