/**
 * The robot of a DingTalk group. Signed in the address: `timestamp` in milliseconds, and `sign`, the base64 of the
 * HMAC-SHA256 of "timestamp\nsecret" under the secret. It answers 200, and `errcode` says whether it worked.
 */
import { createHmac } from 'node:crypto';
import { type Form, problemOfCode } from './form.ts';

export const dingtalk: Form = {
  make({ url, secret }, { text: { title, lines }, now }) {
    const address = new URL(url);
    if (secret !== undefined) {
      const sign = createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64');
      address.searchParams.set('timestamp', String(now));
      address.searchParams.set('sign', sign);
    }
    const content = [title, ...lines].join('\n');
    return { url: address.href, body: JSON.stringify({ msgtype: 'text', text: { content } }) };
  },
  findProblem: (answer) => problemOfCode(answer, 'errcode', 'errmsg'),
};
