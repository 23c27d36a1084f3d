/** The rows of a batch: paged, filtered, found by id or name; each opens its story. */
import { useState } from 'preact/hooks';
import { get, type Query } from '../../api/client.ts';
import type { BatchDetail, Row, RowPage, UnreadableRow } from '../../api/types.ts';
import { type Loaded, useLoad } from '../../api/use-load.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { search, setSearch } from '../../router.ts';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { OutcomeTag, ReviewTag, Time } from '../../ui/marks.tsx';
import { RowFilters } from './row-filters.tsx';

const PAGE = 50;
/** For one page: what is searched for in a huge batch goes on when somebody wants it to. */
const LOOKS_MOST = 20;

export interface Rows extends Loaded<RowPage> {
  /** Undefined on the first page. */
  back: (() => void) | undefined;
  forth(next: string): void;
}

export function useRows(at: string): Rows {
  const { outcome, code, review, q } = Object.fromEntries(search.value);
  const filter = JSON.stringify([at, outcome, code, review, q]);
  // Where each page began that was gone through with this filter.
  const [walk, setWalk] = useState<{ filter: string; cursors: string[] }>({ filter, cursors: [] });
  const cursors = walk.filter === filter ? walk.cursors : [];
  const cursor = cursors.at(-1);
  const loaded = useLoad(`${filter} ${cursor}`, (signal) =>
    findRows(`${at}/rows`, { outcome, code, review, q, cursor, limit: PAGE }, signal),
  );
  const walkTo = (changed: string[]) => setWalk({ filter, cursors: changed });
  return {
    ...loaded,
    back: cursors.length === 0 ? undefined : () => walkTo(cursors.slice(0, -1)),
    forth: (next) => walkTo([...cursors, next]),
  };
}

/** The server looks through some thousand rows for one page, and may find none of them. */
async function findRows(path: string, query: Query, signal: AbortSignal): Promise<RowPage> {
  let page = await get<RowPage>(path, query, signal);
  const isEmpty = ({ rows, unreadable }: RowPage) => rows.length + unreadable.length === 0;
  for (let looks = 1; isEmpty(page) && page.next !== null && looks < LOOKS_MOST; looks++)
    page = await get<RowPage>(path, { ...query, cursor: page.next }, signal);
  return page;
}

export function RowTable({ batch, rows }: { batch: BatchDetail; rows: Rows }) {
  const text = t().batch;
  return (
    <section class="panel" aria-labelledby="rows">
      <h2 id="rows">{text.table}</h2>
      <RowFilters batch={batch} />
      <WhenLoaded of={rows}>
        {({ rows: listed, unreadable, next }) => (
          <>
            <Unreadable rows={unreadable} />
            {listed.length > 0 && <Table rows={listed} />}
            {listed.length + unreadable.length === 0 && (
              <p class="empty">{next === null ? text.noRows : text.noRowsYet}</p>
            )}
            <Pager rows={rows} next={next} />
          </>
        )}
      </WhenLoaded>
    </section>
  );
}

function Unreadable({ rows }: { rows: readonly UnreadableRow[] }) {
  const [first] = rows;
  if (first === undefined) return null;
  const numbers = rows.map(({ row }) => count(row)).join(t().shell.comma);
  return (
    <div class="box bad" role="alert">
      <div>
        <strong>{t().batch.unreadable(numbers)}</strong> <code>{first.code}</code>
        <div class="quiet">{first.hint}</div>
      </div>
    </div>
  );
}

function Pager({ rows, next }: { rows: Rows; next: string | null }) {
  if (rows.back === undefined && next === null) return null;
  return (
    <div class="buttons end">
      <button type="button" disabled={rows.back === undefined} onClick={() => rows.back?.()}>
        {t().shell.previous}
      </button>
      <button type="button" disabled={next === null} onClick={() => next !== null && rows.forth(next)}>
        {t().shell.next}
      </button>
    </div>
  );
}

function Table({ rows }: { rows: readonly Row[] }) {
  const text = t().batch;
  return (
    <table class="stack rows">
      <thead>
        <tr>
          <th scope="col" class="end">
            {text.row}
          </th>
          <th scope="col">{text.customer}</th>
          <th scope="col">{text.outcome}</th>
          <th scope="col">{text.code}</th>
          <th scope="col" class="end">
            {text.attempts}
          </th>
          <th scope="col">{text.at}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.row} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ row: each }: { row: Row }) {
  const text = t().batch;
  const { row, custSpaceId, custName, outcome, parked, code, message, attempts, at, review } = each;
  return (
    <tr>
      <td data-label={text.row} class="end number">
        <button
          type="button"
          class="link"
          aria-label={text.openRow(count(row))}
          onClick={() => setSearch({ row: String(row) })}
        >
          {row}
        </button>
      </td>
      <th scope="row">
        <code>{custSpaceId}</code>
        {custName && <small>{custName}</small>}
      </th>
      <td data-label={text.outcome}>
        <OutcomeTag outcome={outcome} isParked={parked === true} />{' '}
        {outcome === 'submitted' && <ReviewTag review={review} />}
      </td>
      <td data-label={text.code} class="wide">
        {code && <code>{code}</code>}
        {message && <small class="clip">{message}</small>}
      </td>
      <td data-label={text.attempts} class="end number">
        {attempts}
      </td>
      <td data-label={text.at}>
        <Time at={at} />
      </td>
    </tr>
  );
}
