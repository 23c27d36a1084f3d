/** How the order stands: loaded, and looked at again for as long as it may change by itself. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { Problem } from '../api/client.ts';
import { type FormLink, loadView, readLink } from './api.ts';
import type { FormView } from './types.ts';

const AGAIN_MS = 3_000;
/** Also after it has failed many times: whoever left the page open finds it right. */
const AGAIN_MS_MAX = 30_000;

export type Shown =
  | { is: 'loading' }
  /** The link is none of ours. */
  | { is: 'unknown' }
  /** No answer, or none that helps. */
  | { is: 'away' }
  | { is: 'view'; view: FormView };

export interface ViewState {
  link: FormLink;
  shown: Shown;
  /** A later one that came with another answer. */
  setView(view: FormView): void;
  reload(): void;
}

/** What changes without the buyer. While the form is open, nothing may be taken from under the hands of who fills it in. */
const mayChange = (shown: Shown) =>
  shown.is === 'away' ||
  (shown.is === 'view' && ['preparing', 'paused', 'received', 'failed'].includes(shown.view.state));

export function useView(): ViewState {
  const [link, setLink] = useState(() => readLink(location));
  const [shown, setShown] = useState<Shown>({ is: 'loading' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    // Another link pasted into the same window changes nothing but what is behind `#`.
    const follow = () => {
      setShown({ is: 'loading' });
      setLink(readLink(location));
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    const ending = new AbortController();
    loadView(link, ending.signal).then(
      (view) => setShown({ is: 'view', view }),
      (error: unknown) => {
        if (!ending.signal.aborted) setShown({ is: isUnknown(error) ? 'unknown' : 'away' });
      },
    );
    return () => ending.abort();
  }, [link, round]);
  useEffect(() => {
    if (!mayChange(shown)) return;
    const wait = Math.min(AGAIN_MS_MAX, AGAIN_MS * 1.2 ** round);
    const timer = setTimeout(() => setRound(round + 1), wait);
    return () => clearTimeout(timer);
  }, [shown, round]);
  const setView = useCallback((view: FormView) => setShown({ is: 'view', view }), []);
  return { link, shown, setView, reload: () => setRound(round + 1) };
}

const isUnknown = (error: unknown) => error instanceof Problem && error.status === 404;
