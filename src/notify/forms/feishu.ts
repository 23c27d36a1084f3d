/**
 * The bot of a Feishu or Lark group. Signed in the body: `timestamp` in seconds, and `sign`, the base64 of the HMAC-SHA256
 * of nothing under the key "timestamp\nsecret". It answers 200, and `code` says whether it worked.
 */
import { createHmac } from 'node:crypto';
import { type Form, problemOfCode } from './form.ts';

const MS_PER_SECOND = 1_000;

export const feishu: Form = {
  make({ url, secret }, { text: { title, lines, language }, now }) {
    // Rich text: in a plain one, `<at>` in what somebody is called would call everybody.
    const post = { title, content: lines.map((text) => [{ tag: 'text', text }]) };
    const message = {
      msg_type: 'post',
      content: { post: { [language === 'zh' ? 'zh_cn' : 'en_us']: post } },
    };
    return { url, body: JSON.stringify({ ...signatureOf(secret, now), ...message }) };
  },
  findProblem: (answer) => problemOfCode(answer, 'code', 'msg'),
};

function signatureOf(secret: string | undefined, now: number) {
  if (secret === undefined) return {};
  const timestamp = String(Math.floor(now / MS_PER_SECOND));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') };
}
