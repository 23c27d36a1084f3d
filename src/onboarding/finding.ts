/** One thing that `doctor` looked at. */
export interface Finding {
  what: string;
  isOk: boolean;
  text: string;
  /** What to do, if it is not ok, or could be better. */
  hint?: string;
}
