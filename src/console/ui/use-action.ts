/** Something that the user does: what goes wrong is told, and it is not done twice at once. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from '../api/client.ts';
import { tellProblem } from './notices.tsx';

export interface Action {
  isBusy: boolean;
  /** @returns whether it was done; what went wrong was told */
  run(action: () => Promise<void>): Promise<boolean>;
}

export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const pressed = useRef<Element | null>(null);
  useEffect(() => {
    // A button that is disabled meanwhile loses the focus.
    const isNowhere = document.activeElement === document.body;
    if (!isBusy && isNowhere && pressed.current instanceof HTMLElement) pressed.current.focus();
  }, [isBusy]);
  return {
    isBusy,
    async run(action) {
      pressed.current = document.activeElement;
      setBusy(true);
      try {
        await action();
        return true;
      } catch (error) {
        tellProblem(error instanceof Problem ? error : new Problem(0, { detail: String(error) }));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
