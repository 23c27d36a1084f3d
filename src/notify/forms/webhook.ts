/**
 * Our own form, for programs. `Onboard-Signature: t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA256 of `SECONDS.BODY` under
 * the secret; a receiver refuses what is too old. `Onboard-Id` is that of the event, the same in every repetition.
 */
import { createHmac } from 'node:crypto';
import { type Form, problemOfStatus } from './form.ts';

const MS_PER_SECOND = 1_000;

export const webhook: Form = {
  make({ url, secret }, { event, text, now }) {
    const { id, type, at, account, peer, facts } = event;
    const when = new Date(at).toISOString();
    const body = JSON.stringify({ id, type, at: when, account, peer, facts, ...text });
    const seconds = Math.floor(now / MS_PER_SECOND);
    const identity = { 'onboard-id': id, 'onboard-timestamp': String(seconds) };
    if (secret === undefined) return { url, body, headers: identity };
    const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
    return { url, body, headers: { ...identity, 'onboard-signature': `t=${seconds},v1=${digest}` } };
  },
  findProblem: problemOfStatus,
};
