/** Something that the user does: what goes wrong is told, and it is not done twice at once. */
import { useState } from 'preact/hooks';
import { Problem } from '../api/client.ts';
import { tellProblem } from './notices.tsx';

export interface Action {
  isBusy: boolean;
  run(action: () => Promise<void>): Promise<void>;
}

export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  return {
    isBusy,
    async run(action) {
      setBusy(true);
      try {
        await action();
      } catch (error) {
        tellProblem(error instanceof Problem ? error : new Problem(0, { detail: String(error) }));
      } finally {
        setBusy(false);
      }
    },
  };
}
