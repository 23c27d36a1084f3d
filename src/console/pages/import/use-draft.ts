/** A draft on the server, and the changes that are made to it: each is answered with the draft, checked anew. */
import { useRef, useState } from 'preact/hooks';
import { address, base, get, part, send } from '../../api/client.ts';
import type { Draft, DraftChange } from '../../api/draft-types.ts';
import { upload } from '../../api/upload.ts';
import { type Loaded, useLoad } from '../../api/use-load.ts';
import { useAction } from '../../ui/use-action.ts';

const PAGE = 25;
const ROWS_AT_ONCE = 500;

export interface OpenDraft extends Loaded<Draft> {
  isBusy: boolean;
  isOnlyBad: boolean;
  showOnlyBad(isOnlyBad: boolean): void;
  /** Undefined on the first page. */
  back: (() => void) | undefined;
  forth(next: string): void;
  /** @returns whether it was done, as do the others */
  patch(change: DraftChange): Promise<boolean>;
  /** Leaves out every row with an error. */
  leaveAllOut(): Promise<boolean>;
  /** @param row onto which the one file is put; otherwise rows name their agreements */
  addAgreements(files: readonly File[], row?: number): Promise<boolean>;
}

export function useDraft(id: string): OpenDraft {
  const at = `/v1/drafts/${part(id)}`;
  const [isOnlyBad, setOnlyBad] = useState(true);
  const [cursors, setCursors] = useState<string[]>([]);
  const query = { limit: PAGE, cursor: cursors.at(-1), only: isOnlyBad ? 'bad' : undefined };
  const key = `${at} ${JSON.stringify(query)}`;
  const loaded = useLoad(key, (signal) => get<Draft>(at, query, signal));
  // Whoever changes something may look at other rows before the answer is there.
  const shown = useRef({ key, query });
  shown.current = { key, query };
  const { isBusy, run } = useAction();
  // One after the other: each answer is the whole draft, and an older one must not replace a newer one.
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const change = (act: () => Promise<unknown>) => {
    const next = line.current.then(() =>
      run(async () => {
        const before = shown.current.key;
        await act();
        const asked = shown.current;
        const draft = await get<Draft>(at, asked.query);
        if (shown.current.key === asked.key) loaded.change(() => draft);
        // What was asked for meanwhile may be older than the change.
        if (shown.current.key !== before) loaded.reload();
      }),
    );
    line.current = next;
    return next;
  };
  return {
    ...loaded,
    isBusy,
    isOnlyBad,
    showOnlyBad(isWanted) {
      setCursors([]);
      setOnlyBad(isWanted);
    },
    back: cursors.length === 0 ? undefined : () => setCursors(cursors.slice(0, -1)),
    forth: (next) => setCursors([...cursors, next]),
    patch: (changes) => change(() => send('PATCH', at, changes)),
    leaveAllOut: () => change(() => leaveBadOut(at)),
    addAgreements(files, row) {
      const form = new FormData();
      for (const file of files) form.append('agreements', file, file.name);
      return change(() => upload(address(`${at}/agreements`, { row }).slice(base.length), form));
    },
  };
}

/** From the first of them again and again: what is left out is not among them any more. */
async function leaveBadOut(at: string): Promise<void> {
  const query = { only: 'bad', limit: ROWS_AT_ONCE };
  for (;;) {
    const { page } = await get<Draft>(at, query);
    const leaveOut = page.filter(({ isLeftOut }) => !isLeftOut).map(({ row }) => row);
    if (leaveOut.length === 0) return;
    await send('PATCH', at, { leaveOut });
  }
}
