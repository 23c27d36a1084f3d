/** What a component asks the API for, and asks again. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from './client.ts';

export interface Loaded<Data> {
  data: Data | undefined;
  problem: Problem | undefined;
  isLoading: boolean;
  reload(): void;
  /** Changes what is shown by what was told since. */
  change(change: (data: Data) => Data): void;
}

/** @param key what is asked for: another key means another thing, which is asked for at once */
export function useLoad<Data>(key: string, load: (signal: AbortSignal) => Promise<Data>): Loaded<Data> {
  const [state, setState] = useState<{ key: string; data?: Data; problem?: Problem }>({ key });
  const [turn, setTurn] = useState(0);
  const [isLoading, setLoading] = useState(true);
  const latest = useRef(load);
  latest.current = load;
  // `turn` asks for the same again
  useEffect(() => {
    const controller = new AbortController();
    setLoading(true);
    latest
      .current(controller.signal)
      .then((data) => setState({ key, data }))
      .catch((error: unknown) => {
        if (controller.signal.aborted) return;
        const problem = error instanceof Problem ? error : new Problem(0, { detail: String(error) });
        // What was known stays in sight, beside what went wrong.
        setState((old) => ({ ...(old.key === key ? old : {}), key, problem }));
      })
      .finally(() => {
        if (!controller.signal.aborted) setLoading(false);
      });
    return () => controller.abort();
  }, [key, turn]);
  const reload = useCallback(() => setTurn((old) => old + 1), []);
  const change = useCallback(
    (changing: (data: Data) => Data) =>
      setState((old) => (old.data === undefined ? old : { ...old, data: changing(old.data) })),
    [],
  );
  const isOther = state.key !== key;
  return {
    data: isOther ? undefined : state.data,
    problem: isOther ? undefined : state.problem,
    isLoading,
    reload,
    change,
  };
}

/** At most once in so many milliseconds, and once more after the last call. */
export function useThrottled(call: () => void, everyMs: number): () => void {
  const latest = useRef(call);
  latest.current = call;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const last = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    if (timer.current !== undefined) return;
    const wait = Math.max(0, last.current + everyMs - Date.now());
    timer.current = setTimeout(() => {
      timer.current = undefined;
      last.current = Date.now();
      latest.current();
    }, wait);
  }, [everyMs]);
}
