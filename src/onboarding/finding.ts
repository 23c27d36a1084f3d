/** One thing that `doctor` looked at. */
export interface Finding {
  what: string;
  /** Also true for what is only worth knowing. */
  isOk: boolean;
  /** Worth knowing, and not a fault. */
  isNote?: true;
  text: string;
  /** What to do, if it is not ok or only a note. */
  hint?: string;
}
