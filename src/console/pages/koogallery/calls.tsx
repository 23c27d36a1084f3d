/** What the marketplace has asked, and what it was answered. */
import type { Query } from '../../api/client.ts';
import type { Call } from '../../api/koogallery-types.ts';
import type { Page } from '../../api/types.ts';
import { t } from '../../language.ts';
import { search, setSearch } from '../../router.ts';
import { Choice, Field } from '../../ui/field.tsx';
import { Link } from '../../ui/link.tsx';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { Time } from '../../ui/marks.tsx';
import { toInstance } from './marks.tsx';
import { More } from './more.tsx';
import type { PartProps } from './part-props.ts';
import { usePaged } from './use-paged.ts';

export function CallsPart({ slug }: PartProps) {
  const { which, failed, activity } = Object.fromEntries(search.value);
  const isUnverified = which === 'unverified';
  const query = isUnverified ? { channel: slug, unverified: true } : { channel: slug, failed, activity };
  return (
    <>
      <Filters isUnverified={isUnverified} />
      <CallList query={query} />
    </>
  );
}

function Filters({ isUnverified }: { isUnverified: boolean }) {
  const text = t().koogallery;
  const value = (name: string) => search.value.get(name) ?? '';
  return (
    <div class="filters">
      <Choice
        label={text.whichCalls}
        value={value('which')}
        options={[
          ['', text.signed],
          ['unverified', text.unsigned],
        ]}
        onChoose={(which) => setSearch({ which, failed: '', activity: '' })}
      />
      {!isUnverified && (
        <>
          <Field label={text.activity}>
            <input
              type="search"
              placeholder="newInstance"
              value={value('activity')}
              onChange={(event) => setSearch({ activity: event.currentTarget.value.trim() })}
            />
          </Field>
          <label class="check">
            <input
              type="checkbox"
              checked={value('failed') === 'true'}
              onChange={(event) => setSearch({ failed: event.currentTarget.checked ? 'true' : '' })}
            />
            {text.onlyFailed}
          </label>
        </>
      )}
    </div>
  );
}

export interface CallListProps {
  query: Query & { channel: string };
  /** All are about one instance, which need not be named. */
  hasInstance?: boolean;
}

export function CallList({ query, hasInstance = false }: CallListProps) {
  const text = t().koogallery;
  const list = usePaged<Call, Page<'calls', Call>>('/v1/koogallery/calls', query, 'calls');
  return (
    <WhenLoaded of={list}>
      {({ items, next }) => (
        <>
          {items.length === 0 ? (
            <p class="empty">{next === null ? text.noCalls : text.lookedBack}</p>
          ) : (
            <div class="framed">
              <Table calls={items} slug={query.channel} hasInstance={hasInstance} />
            </div>
          )}
          <More next={next} onMore={list.showMore} />
        </>
      )}
    </WhenLoaded>
  );
}

interface TableProps {
  calls: readonly Call[];
  slug: string;
  hasInstance: boolean;
}

function Table({ calls, slug, hasInstance }: TableProps) {
  const text = t().koogallery;
  return (
    <table class="stack">
      <thead>
        <tr>
          <th scope="col">{text.at}</th>
          <th scope="col">{text.activity}</th>
          <th scope="col">{text.code}</th>
          {!hasInstance && <th scope="col">{text.instance}</th>}
          <th scope="col">{text.facts}</th>
        </tr>
      </thead>
      <tbody>
        {calls.map((call, index) => (
          <Line key={`${call.at} ${index}`} call={call} slug={slug} hasInstance={hasInstance} />
        ))}
      </tbody>
    </table>
  );
}

/** Shown elsewhere in the line, or of no use to people. */
const LEFT_OUT = ['instance', 'instanceId', 'version', 'key', 'variant'];

function Line({ call, slug, hasInstance }: { call: Call; slug: string; hasInstance: boolean }) {
  const text = t().koogallery;
  const { at, activity, code, isFailed, isTest, facts } = call;
  const id = facts.instance || facts.instanceId;
  const rest = Object.entries(facts).filter(([name, value]) => value !== '' && !LEFT_OUT.includes(name));
  return (
    <tr>
      <td data-label={text.at}>
        <Time at={at} />
      </td>
      <th scope="row">
        {activity} {isTest && <span class="tag">{text.test}</span>}
      </th>
      <td data-label={text.code}>
        <code class={isFailed ? 'bad' : undefined}>{code}</code>
      </td>
      {!hasInstance && (
        <td data-label={text.instance}>
          {id ? (
            <Link to={toInstance(slug, id)}>
              <code>{id}</code>
            </Link>
          ) : (
            '–'
          )}
        </td>
      )}
      <td data-label={text.facts} class="wide facts-cell">
        {rest.map(([name, value]) => (
          <span key={name} class="fact">
            <span class="quiet">{name}</span> <code>{value}</code>{' '}
          </span>
        ))}
      </td>
    </tr>
  );
}
