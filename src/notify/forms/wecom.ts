/** The robot of a WeCom group: unsigned, the address is the secret. It answers 200, and `errcode` says whether it worked. */
import { type Form, problemOfCode } from './form.ts';

/** Longest text of a message, in bytes of UTF-8. */
const BYTES_MAX = 2_048;

export const wecom: Form = {
  make({ url }, { text: { title, lines } }) {
    const content = withinBytes([title, ...lines].join('\n'), BYTES_MAX);
    return { url, body: JSON.stringify({ msgtype: 'text', text: { content } }) };
  },
  findProblem: (answer) => problemOfCode(answer, 'errcode', 'errmsg'),
};

/** The beginning of a text, never with a part of a character. */
function withinBytes(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= bytesMax) return text;
  // What was cut in two is left out: it decodes to the replacement character, at the end.
  return new TextDecoder().decode(bytes.subarray(0, bytesMax)).replace(/\ufffd$/, '');
}
