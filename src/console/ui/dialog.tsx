/** A dialog of the browser's own: it keeps the focus inside, closes with Escape, and gives the focus back. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../language.ts';

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
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog
      ref={element}
      class={isDrawer ? 'drawer' : 'dialog'}
      aria-labelledby={titleId}
      onClose={onClose}
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
    </dialog>
  );
}
