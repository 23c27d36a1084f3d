/** Which dialogs are open: the last of them lies above everything else, and what is to be seen belongs into it. */
import { signal } from '@preact/signals';

const open = signal<readonly string[]>([]);

/** Undefined while no dialog is open. */
export const topLayer = (): string | undefined => open.value.at(-1);

/** @returns takes it away again */
export function addLayer(id: string): () => void {
  open.value = [...open.peek(), id];
  return () => {
    open.value = open.peek().filter((each) => each !== id);
  };
}
