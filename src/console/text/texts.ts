/**
 * Everything the console says, in each of its languages. What the server says of errors is English in both,
 * and its hints are, but for those of `hints.ts`.
 */
import { batch } from './batch.ts';
import { customer } from './customer.ts';
import { draft } from './draft.ts';
import { hints } from './hints.ts';
import { holds } from './holds.ts';
import { home } from './home.ts';
import { shell } from './shell.ts';
import { words } from './words.ts';

const en = {
  shell: shell.en,
  words: words.en,
  holds: holds.en,
  hints: hints.en,
  home: home.en,
  batch: batch.en,
  draft: draft.en,
  customer: customer.en,
};

/** A text that one language has and the other has not is an error of types. */
export type Texts = typeof en;

export const TEXTS = {
  en,
  zh: {
    shell: shell.zh,
    words: words.zh,
    holds: holds.zh,
    hints: hints.zh,
    home: home.zh,
    batch: batch.zh,
    draft: draft.zh,
    customer: customer.zh,
  } satisfies Texts,
};
