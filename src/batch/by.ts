/** Who does it, as the history of a batch and the log name them. */
export interface By {
  by: string;
}
