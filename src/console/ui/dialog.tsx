/** A dialog of the browser's own: it keeps the focus inside, closes with Escape, and gives the focus back. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../language.ts';
import { addLayer } from './layers.ts';
import { Notices } from './notices.tsx';

export interface DialogProps {
  title: ComponentChildren;
  onClose(): void;
  /** At the side, and as high as the page. */
  isDrawer?: boolean;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, isDrawer = false, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const isGone = useRef(false);
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    const remove = addLayer(titleId);
    return () => {
      // One that is closed gives the focus back; one that is only taken out of the page does not.
      isGone.current = true;
      dialog?.close();
      remove();
    };
  }, [titleId]);
  return (
    <dialog
      ref={element}
      class={isDrawer ? 'drawer' : 'dialog'}
      aria-labelledby={titleId}
      onClose={() => {
        if (!isGone.current) onClose();
      }}
      onMouseDown={(event) => {
        // What is outside of it belongs to the element itself.
        if (event.target === element.current) element.current?.close();
      }}
    >
      <div class="dialog-inside">
        <header>
          <h2 id={titleId}>{title}</h2>
          <button
            type="button"
            class="plain icon"
            aria-label={t().shell.close}
            onClick={() => element.current?.close()}
          >
            ✕
          </button>
        </header>
        {children}
      </div>
      <Notices layer={titleId} />
    </dialog>
  );
}
