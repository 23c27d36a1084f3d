/** The channels: do they answer, what waits, and what needs a person? */
import type { ComponentChildren } from 'preact';
import { get } from '../../api/client.ts';
import type { Channel } from '../../api/koogallery-types.ts';
import { useLoad } from '../../api/use-load.ts';
import { count, duration } from '../../format.ts';
import { t } from '../../language.ts';
import { Link } from '../../ui/link.tsx';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { Deadlines, Trouble } from './deadlines.tsx';
import { Pairs, StateWord, toChannel } from './marks.tsx';
import { useLooking } from './use-paged.ts';

/** The marketplace cancels an order after three times as long. */
const LATE_SECONDS = 3_600;

export function OverviewPage() {
  const text = t().koogallery;
  useTitle(text.title);
  const channels = useLoad('channels', (signal) =>
    get<{ channels: Channel[] }>('/v1/koogallery/channels', {}, signal),
  );
  useLooking(channels.reload);
  return (
    <>
      <h1>{text.title}</h1>
      <p class="intro">{text.intro}</p>
      <WhenLoaded of={channels}>
        {({ channels: all }) => (
          <div class="cards">
            {all.map((each) => (
              <Card key={each.channel} of={each} />
            ))}
          </div>
        )}
      </WhenLoaded>
    </>
  );
}

function Card({ of }: { of: Channel }) {
  const { channel, generation } = of;
  const text = t().koogallery;
  const needs = needsOf(of);
  return (
    <article class="card" aria-labelledby={`channel-${channel}`}>
      <div class="card-head">
        <h2 id={`channel-${channel}`} class="plain-head">
          <Link to={toChannel(channel, 'instances')}>{channel}</Link>
        </h2>
        <span class="tag">{generation}</span>
      </div>
      {needs.length === 0 ? <p class="quiet">{text.quiet}</p> : needs}
      <Trouble of={of.usage} />
      <Facts of={of} />
    </article>
  );
}

/** What waits for a person, the worst first. */
function needsOf({ channel, oldestOpeningSeconds, refused, licenses, usage }: Channel) {
  const text = t().koogallery;
  const abnormal = usage?.counts.abnormal ?? 0;
  return [
    oldestOpeningSeconds > LATE_SECONDS && (
      <p key="late" class="box bad">
        <Link to={toChannel(channel, 'instances', '?state=opening')}>
          {text.openingLate(duration(oldestOpeningSeconds))}
        </Link>
      </p>
    ),
    licenses?.free === 0 && (
      <p key="licenses" class="box bad">
        {text.noLicense}
      </p>
    ),
    refused > 0 && (
      <p key="refused" class="box warn">
        <Link to={toChannel(channel, 'instances', '?refused=true')}>{text.refusedTasks(count(refused))}</Link>
      </p>
    ),
    abnormal > 0 && (
      <p key="abnormal" class="box warn">
        <Link to={toChannel(channel, 'usage', '?state=abnormal')}>{text.abnormalWait(count(abnormal))}</Link>
      </p>
    ),
  ].filter((each) => each !== false);
}

function Facts({ of }: { of: Channel }) {
  const text = t().koogallery;
  const { channel, oldestOpeningSeconds, oldestWaitingSeconds, due, oldestDueSeconds, licenses, usage } = of;
  const waits = oldestDueSeconds > 1 && ` · ${text.waitsSince(duration(oldestDueSeconds))}`;
  return (
    <Pairs
      of={[
        [text.calls, <Calls key="calls" of={of} />],
        [text.instances, <States key="states" of={of} />],
        [text.oldestOpening, oldestOpeningSeconds > 0 && duration(oldestOpeningSeconds)],
        [text.oldestWaiting, oldestWaitingSeconds > 0 && duration(oldestWaitingSeconds)],
        [
          text.toDo,
          due > 0 && (
            <>
              {count(due)}
              {waits}
            </>
          ),
        ],
        [text.usage, usage && <UsageCounts channel={channel} counts={usage.counts} />],
        [
          text.nextDeadline,
          usage && usage.deadlines.length > 0 && <Deadlines of={usage.deadlines.slice(0, 1)} />,
        ],
        [
          text.licenses,
          licenses && (
            <Link to={toChannel(channel, 'licenses')}>{text.licensesLeft(count(licenses.free))}</Link>
          ),
        ],
      ]}
    />
  );
}

function Calls({ of: { channel, calls } }: { of: Channel }) {
  const text = t().koogallery;
  const parts: [string, string, boolean][] = [
    ['', text.callsEver(count(calls.total)), true],
    ['?failed=true', text.failedCalls(count(calls.failed)), calls.failed > 0],
    ['?which=unverified', text.strangers(count(calls.unverified)), calls.unverified > 0],
  ];
  return (
    <List>
      {parts
        .filter(([, , isShown]) => isShown)
        .map(([search, words]) => (
          <li key={search}>
            <Link to={toChannel(channel, 'calls', search)}>{words}</Link>
          </li>
        ))}
    </List>
  );
}

function States({ of: { channel, instances } }: { of: Channel }) {
  const states = Object.entries(instances.byState).filter(([, number]) => number > 0);
  return (
    <List>
      <li>{t().koogallery.ordered(count(instances.total))}</li>
      {states.map(([state, number]) => (
        <li key={state}>
          <Link to={toChannel(channel, 'instances', `?state=${state}`)}>
            <StateWord kind="instance" state={state} /> {count(number)}
          </Link>
        </li>
      ))}
    </List>
  );
}

export function UsageCounts({ channel, counts }: { channel: string; counts: Record<string, number> }) {
  const states = Object.entries(counts).filter(([, number]) => number > 0);
  if (states.length === 0) return <>0</>;
  return (
    <List>
      {states.map(([state, number]) => (
        <li key={state}>
          <Link to={toChannel(channel, 'usage', `?state=${state}`)}>
            <StateWord kind="usage" state={state} /> {count(number)}
          </Link>
        </li>
      ))}
    </List>
  );
}

function List({ children }: { children: ComponentChildren }) {
  return <ul class="inline-list">{children}</ul>;
}
