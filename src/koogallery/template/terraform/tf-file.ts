/** What the rules know of a Terraform file, in whichever of its two syntaxes it is written. Pure. */

export interface TfFile {
  /** As the zip names it. */
  path: string;
  blocks: TfBlock[];
  /** Every call of a function, interpolations in strings among them; never what stands in a comment or a text. */
  calls: TfCall[];
  /** What could not be read, and so was not checked. */
  problems: TfProblem[];
}

export interface TfBlock {
  type: string;
  labels: string[];
  line: number;
  attributes: TfMember[];
  blocks: TfBlock[];
}

export interface TfMember {
  name: string;
  line: number;
  value: TfValue;
}

export interface TfValue {
  /** A constant string or number. */
  text?: string;
  /** The value is this input variable and nothing else. */
  variable?: string;
  /** Of an object. */
  members?: TfMember[];
  /** Of a list. */
  items?: TfValue[];
}

export interface TfCall {
  name: string;
  line: number;
}

export interface TfProblem {
  message: string;
  line: number;
}

/** How deeply values and blocks may be nested: far more than anybody writes. */
export const NESTING_MAX = 60;
export const TOO_DEEP = `it is nested more than ${NESTING_MAX} times`;

/** So many places of a file are told: one of nothing but mistakes does not fill the screen. */
export const PROBLEMS_MAX = 20;
