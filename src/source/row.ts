/** What every format is read into. */

/** One record of a source; the first one that a source yields is its header. */
export interface SourceRow {
  /** Line of the file (row of the sheet) on which the record begins, counted from 1. */
  line: number;
  values: string[];
}

export interface TextOptions {
  /** Any label of the WHATWG Encoding Standard, such as `utf-8` or `gb18030`; for text formats only. */
  encoding: string;
  /** Column separator; for CSV only. */
  delimiter: string;
}
