/** Which page is shown: that of the address. Links are followed without loading the page again. */
import { signal } from '@preact/signals';
import { base } from './api/client.ts';

/** Below the base: `/`, `/batches/01J…`. */
export const path = signal(ownPath());
/** Behind the question mark. */
export const search = signal(new URLSearchParams(location.search));

function ownPath(): string {
  const own = location.pathname.startsWith(base) ? location.pathname.slice(base.length) : location.pathname;
  return own.replace(/(?<=.)\/$/, '') || '/';
}

function follow(): void {
  path.value = ownPath();
  search.value = new URLSearchParams(location.search);
}

/** @param to below the base, with what is behind the question mark */
export function go(to: string): void {
  const isOther = `${base}${to}` !== location.pathname + location.search;
  if (isOther) history.pushState(null, '', `${base}${to}`);
  follow();
  window.scrollTo(0, 0);
  if (isOther) document.querySelector('main')?.focus();
}

/** Puts into the address what is seen on a page, so that it can be handed on. */
export function setSearch(changes: Record<string, string | undefined>): void {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes))
    if (value === undefined || value === '') next.delete(name);
    else next.set(name, value);
  const text = next.toString();
  history.replaceState(null, '', `${location.pathname}${text && `?${text}`}`);
  follow();
}

/** The parts of the path if it is like `/batches/:`; undefined if it is not. */
export function match(pattern: string): string[] | undefined {
  const wanted = pattern.split('/');
  const parts = path.value.split('/');
  if (wanted.length !== parts.length) return undefined;
  const isLike = wanted.every((each, index) => each === ':' || each === parts[index]);
  return isLike ? parts.filter((_, index) => wanted[index] === ':').map(decodeURIComponent) : undefined;
}

export function startRouter(): void {
  addEventListener('popstate', follow);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (link === null || !isPlain || event.defaultPrevented || link.dataset.inside === undefined) return;
    event.preventDefault();
    go(link.dataset.inside);
  });
}
