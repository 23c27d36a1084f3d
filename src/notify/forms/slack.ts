/** Slack's incoming webhook: unsigned, the address is the secret. It answers 200 and `ok`, or says why not. */
import { type Form, problemOfStatus } from './form.ts';

/** Longest header of a message, in characters. */
const TITLE_LENGTH_MAX = 150;

export const slack: Form = {
  make({ url }, { text: { title, lines } }) {
    const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
    const blocks = [
      { type: 'header', text: plain(title.slice(0, TITLE_LENGTH_MAX)) },
      { type: 'section', text: plain(lines.join('\n')) },
    ];
    // Shown in notifications; it may hold markup, unlike the blocks.
    return { url, body: JSON.stringify({ text: escaped(`${title}\n${lines.join('\n')}`), blocks }) };
  },
  findProblem(answer) {
    const problem = problemOfStatus(answer);
    return problem && `${problem}: ${answer.body}`;
  },
};

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
