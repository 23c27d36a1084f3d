/** What was observed of a customer: said to be no review wherever it is shown. */
import type { Observation } from '../api/types.ts';
import { t } from '../language.ts';
import { Time } from './marks.tsx';

export function Observed({ observation }: { observation: Observation | undefined }) {
  const text = t().batch;
  if (observation === undefined) return null;
  const { at, instances } = observation;
  return (
    <aside class="box" aria-label={text.observed}>
      <div class="grow">
        <b>{text.observed}</b>{' '}
        <span class="quiet">
          {text.observedAt} <Time at={at} />
        </span>
        {instances.length === 0 && <p class="quiet">{text.noInstance}</p>}
        {instances.map(({ instanceId, channelType, state, isvTerms }) => (
          <dl key={instanceId} class="pairs">
            <Fact name={text.observedState} value={state} />
            <Fact name={text.agreement} value={isvTerms} />
            <Fact name={text.instance} value={instanceId} />
            <Fact name={text.channel} value={channelType} />
          </dl>
        ))}
      </div>
    </aside>
  );
}

/** Word for word as Alibaba Cloud has it. */
function Fact({ name, value }: { name: string; value: string | undefined }) {
  if (value === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>{value}</code>
      </dd>
    </div>
  );
}
