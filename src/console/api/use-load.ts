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

/**
 * @param key what is asked for: another key means another thing, which is asked for at once. The same thing is asked for
 * again only when its answer has come: an answer that takes longer than the calm between two news arrives, too.
 */
export function useLoad<Data>(key: string, load: (signal: AbortSignal) => Promise<Data>): Loaded<Data> {
  const [state, setState] = useState<{ key: string; data?: Data; problem?: Problem }>({ key });
  const [isLoading, setLoading] = useState(true);
  const latest = useRef({ key, load });
  latest.current = { key, load };
  const look = useRef(() => {});
  useEffect(() => {
    const { signal, abort } = asking();
    let isAsking = false;
    let isWantedAgain = false;
    const ask = async (): Promise<void> => {
      isAsking = true;
      setLoading(true);
      const answer = await answerOf(latest.current.load(signal));
      isAsking = false;
      if (signal.aborted) return;
      // What was known stays in sight, beside what went wrong.
      setState((old) => ('data' in answer || old.key !== key ? { key, ...answer } : { ...old, ...answer }));
      if (!isWantedAgain) return setLoading(false);
      isWantedAgain = false;
      return ask();
    };
    look.current = () => {
      if (isAsking) isWantedAgain = true;
      else ask();
    };
    ask();
    return abort;
  }, [key]);
  const reload = useCallback(() => look.current(), []);
  const change = useCallback(
    (changing: (data: Data) => Data) =>
      setState((old) =>
        old.data === undefined || old.key !== latest.current.key ? old : { ...old, data: changing(old.data) },
      ),
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

function asking(): { signal: AbortSignal; abort(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

async function answerOf<Data>(asked: Promise<Data>): Promise<{ data: Data } | { problem: Problem }> {
  try {
    return { data: await asked };
  } catch (error) {
    return { problem: error instanceof Problem ? error : new Problem(0, { detail: String(error) }) };
  }
}

/** Asks again when what it depends on has changed. @param stamp changes when there may be something new */
export function useReloadOn(stamp: string, reload: () => void): void {
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) reload();
    isFirst.current = false;
  }, [stamp, reload]);
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
