/** A list that comes in pages, as one: more of it at a press, and all that is shown read anew now and then. */
import { useEffect, useState } from 'preact/hooks';
import { get, type Query } from '../../api/client.ts';
import { type Loaded, useLoad } from '../../api/use-load.ts';

const PAGE = 50;
const LOOK_EVERY_MS = 10_000;

export interface Paged<Item, First> extends Loaded<{ items: Item[]; next: string | null; first: First }> {
  showMore(): void;
}

/** @param name of the list in an answer. A page may have fewer than asked for, and still a next one. */
export function usePaged<Item, First extends { next: string | null }>(
  path: string,
  query: Query,
  name: keyof First,
): Paged<Item, First> {
  const asked = `${path} ${JSON.stringify(query)}`;
  const [shown, setShown] = useState({ asked, pages: 1 });
  const pages = shown.asked === asked ? shown.pages : 1;
  const loaded = useLoad(`${asked} ${pages}`, async (signal) => {
    const read = (cursor?: string) => get<First>(path, { ...query, limit: PAGE, cursor }, signal);
    const first = await read();
    const items = [...(first[name] as Item[])];
    let { next } = first;
    for (let page = 1; page < pages && next !== null; page++) {
      const more = await read(next);
      items.push(...(more[name] as Item[]));
      next = more.next;
    }
    return { items, next, first };
  });
  useLooking(loaded.reload);
  return { ...loaded, showMore: () => setShown({ asked, pages: pages + 1 }) };
}

/** Reads again every so often, while the page can be seen: nothing is told of channels as it happens. */
export function useLooking(reload: () => void): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [reload]);
}
