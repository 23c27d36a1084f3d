/** How the words of an alert are written down. Types only. */

export type Language = 'en' | 'zh';

export interface Wording {
  title: string;
  /** What to do; `{name}` stands for a fact, and a sentence is left out if one of its facts is missing. */
  advice: string[];
}
