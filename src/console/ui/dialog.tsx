/**
 * A dialog of the browser's own: it keeps the focus inside, closes with Escape, and gives the focus back. Whoever shows it
 * hears that it is to close before it is closed: told afterwards, it would still count as shown to somebody who opens it
 * again at once, and stay closed.
 */
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
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
  // Other effects are taken back when what they are about is out of the page.
  useLayoutEffect(() => {
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
      onCancel={(event) => {
        // A file that somebody does not choose after all is told in the same way.
        if (event.target === element.current) onClose();
      }}
      onClose={() => {
        // The browser does not always ask first.
        if (!isGone.current) onClose();
      }}
      onMouseDown={(event) => {
        // What is outside of it belongs to the element itself.
        if (event.target === element.current) onClose();
      }}
    >
      <div class="dialog-inside">
        <header>
          <h2 id={titleId}>{title}</h2>
          <button type="button" class="plain icon" aria-label={t().shell.close} onClick={onClose}>
            ✕
          </button>
        </header>
        {children}
      </div>
      <Notices layer={titleId} />
    </dialog>
  );
}
