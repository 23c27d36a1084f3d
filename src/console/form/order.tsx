/** Which order it is about, for people. */

import { t } from './text.ts';
import type { FormView } from './types.ts';

export function Order({ view: { orderId, buyer } }: { view: FormView }) {
  const text = t();
  const facts = [
    [text.order, orderId],
    [text.buyer, buyer],
  ].filter((fact): fact is [string, string] => fact[1] !== undefined);
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
