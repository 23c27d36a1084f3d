/** Who does it, as named in the history of a batch and in the log. */
export interface By {
  by: string;
}
