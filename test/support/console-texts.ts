/** What the console says in one language and not in the other, to find what was left in the wrong one. */
import type { Page } from 'playwright-core';
import { TEXTS } from '../../src/console/text/texts.ts';

/** Stands in a text for what is only known when it is shown: one word, or a sentence of the log would be like `1 of 2`. */
const GAP = '\u0001';

/** The texts of a table as patterns: those with gaps are functions. */
function leavesOf(table: unknown): string[] {
  if (typeof table === 'string') return [table];
  if (typeof table === 'function') return [String(table(GAP, GAP))];
  return Object.values(table as object).flatMap(leavesOf);
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** English texts that no Chinese one equals, such as `RequestId`; what is nothing but a gap fits everything. */
const ENGLISH = (() => {
  const chinese = new Set(leavesOf(TEXTS.zh));
  const own = leavesOf(TEXTS.en).filter((text) => /[A-Za-z]{2}/.test(text) && !chinese.has(text));
  return [...new Set(own)].map((text) => new RegExp(`^${escaped(text).replaceAll(GAP, '\\S+')}$`, 's'));
})();

/** Everything that a page shows or has read aloud; what the doctor finds is the server's, and English. */
const READ = `(() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest('script, style, button[lang=en], .findings div') === null) texts.push(walker.currentNode.data);
  }
  for (const element of document.querySelectorAll('*'))
    for (const name of ['aria-label', 'title', 'placeholder', 'data-label']) {
      const value = element.getAttribute(name);
      if (value !== null) texts.push(value);
    }
  return [document.title, ...texts].map((text) => text.trim()).filter((text) => text !== '');
})()`;

/** Texts of a page in Chinese that are English ones of the tables. The user of the tests is called like a role. */
export async function findEnglish(page: Page): Promise<string[]> {
  const texts = (await page.evaluate(READ)) as string[];
  return texts.filter((text) => text !== 'operator' && ENGLISH.some((pattern) => pattern.test(text)));
}
