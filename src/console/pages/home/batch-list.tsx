/** The batches, newest first: filtered, paged, and kept up to date by what is told of them. */
import { useState } from 'preact/hooks';
import { get } from '../../api/client.ts';
import type { Batch, BatchState, Page } from '../../api/types.ts';
import { type Loaded, useLoad, useThrottled } from '../../api/use-load.ts';
import { count, duration } from '../../format.ts';
import { t } from '../../language.ts';
import { search, setSearch } from '../../router.ts';
import { session } from '../../session.ts';
import { Choice, Field } from '../../ui/field.tsx';
import { Link, toBatch } from '../../ui/link.tsx';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { StateTag, Time } from '../../ui/marks.tsx';
import { countDone, OutcomeBar } from '../../ui/outcome-bar.tsx';
import { LISTED_MOST, ShowMore } from '../../ui/show-more.tsx';

const PAGE = 20;
const NEW_EVERY_MS = 1_000;

export interface Batches extends Loaded<Page<'batches', Batch>> {
  hear(batch: Batch): void;
  showMore(): void;
}

export function useBatches(): Batches {
  const [pages, setPages] = useState(1);
  const filter = Object.fromEntries(search.value);
  const query = {
    name: filter.name,
    state: filter.state,
    account: filter.account,
    limit: Math.min(pages * PAGE, LISTED_MOST),
  };
  const loaded = useLoad(`batches ${JSON.stringify(query)}`, (signal) =>
    get<Page<'batches', Batch>>('/v1/batches', query, signal),
  );
  // Whether a new one belongs into this list is for the server to say.
  const look = useThrottled(loaded.reload, NEW_EVERY_MS);
  return {
    ...loaded,
    showMore: () => setPages((old) => old + 1),
    hear(batch) {
      const isKnown = loaded.data?.batches.some(({ id }) => id === batch.id);
      if (isKnown === false) look();
      loaded.change((old) => ({
        ...old,
        batches: old.batches.map((each) => (each.id === batch.id ? batch : each)),
      }));
    },
  };
}

export function BatchList({ batches }: { batches: Batches }) {
  return (
    <>
      <Filters />
      <WhenLoaded of={batches}>
        {({ batches: listed, next }) => (
          <>
            {listed.length === 0 ? (
              <Empty />
            ) : (
              <div class="framed">
                <Table batches={listed} />
              </div>
            )}
            {next !== null && <ShowMore shown={listed.length} onMore={batches.showMore} />}
          </>
        )}
      </WhenLoaded>
    </>
  );
}

function Filters() {
  const text = t().home;
  const states = Object.keys(t().words.state) as BatchState[];
  const accounts = session.value?.accounts ?? [];
  const value = (name: string) => search.value.get(name) ?? '';
  return (
    <div class="filters">
      <Field label={text.filterName}>
        <input
          type="search"
          value={value('name')}
          onInput={(event) => setSearch({ name: event.currentTarget.value })}
        />
      </Field>
      <Choice
        label={text.filterState}
        value={value('state')}
        options={[['', text.any], ...states.map((state) => [state, t().words.state[state]] as const)]}
        onChoose={(state) => setSearch({ state })}
      />
      {accounts.length > 1 && (
        <Choice
          label={text.filterAccount}
          value={value('account')}
          options={[['', text.any], ...accounts.map((name) => [name, name] as const)]}
          onChoose={(account) => setSearch({ account })}
        />
      )}
    </div>
  );
}

function Empty() {
  const text = t().home;
  const isFiltered = search.value.size > 0;
  return (
    <div class="empty">
      <p>{isFiltered ? text.noneFound : text.empty}</p>
      {!isFiltered && <p class="quiet">{text.emptyHint}</p>}
    </div>
  );
}

function Table({ batches }: { batches: readonly Batch[] }) {
  const text = t().home;
  return (
    <table class="stack">
      <thead>
        <tr>
          <th scope="col">{text.name}</th>
          <th scope="col">{text.state}</th>
          <th scope="col" class="wide">
            {text.progress}
          </th>
          <th scope="col" class="end">
            {text.failed}
          </th>
          <th scope="col">{text.by}</th>
          <th scope="col">{text.began}</th>
          <th scope="col" class="end">
            {text.eta}
          </th>
        </tr>
      </thead>
      <tbody>
        {batches.map((batch) => (
          <Line key={batch.id} batch={batch} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ batch }: { batch: Batch }) {
  const text = t().home;
  const { id, name, account, kind, state, counts, total, by, created, etaSeconds, parked } = batch;
  const hasAccounts = (session.value?.accounts.length ?? 0) > 1;
  return (
    <tr>
      <th scope="row">
        <Link to={toBatch(id)}>{name || id}</Link>
        <small>
          {hasAccounts && `${account} · `}
          {kind === 'stream' ? text.stream : id}
        </small>
      </th>
      <td data-label={text.state}>
        <StateTag state={state} />
      </td>
      <td data-label={text.progress}>
        <OutcomeBar batch={batch} />
        <small class="number">{text.of(count(countDone(batch)), count(total))}</small>
      </td>
      <td data-label={text.failed} class="end number">
        <span class={counts.failed > 0 ? 'bad' : 'quiet'}>{count(counts.failed)}</span>
        {parked > 0 && <small class="warn">{`${count(parked)} ${t().words.parked}`}</small>}
      </td>
      <td data-label={text.by}>{by}</td>
      <td data-label={text.began}>
        <Time at={created} />
      </td>
      <td data-label={text.eta} class="end number">
        {etaSeconds === undefined ? '–' : duration(etaSeconds)}
      </td>
    </tr>
  );
}
