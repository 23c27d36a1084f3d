/** A place for files: they are dropped onto it, or chosen. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

export interface FileDropProps {
  /** For whoever cannot drop anything. */
  label: string;
  isSmall?: boolean;
  isMultiple?: boolean;
  accept?: string;
  isDisabled?: boolean;
  /** Of the input. */
  id?: string;
  /** The element that says what is wrong, if something is. */
  invalidBy?: string | undefined;
  onFiles(files: File[]): void;
  children: ComponentChildren;
}

export function FileDrop(props: FileDropProps) {
  const { label, isSmall = false, isMultiple = false, accept, isDisabled = false, onFiles, children } = props;
  const { id, invalidBy } = props;
  const [isOver, setOver] = useState(false);
  const take = (files: FileList | null | undefined) => {
    const taken = [...(files ?? [])];
    if (taken.length > 0 && !isDisabled) onFiles(isMultiple ? taken : taken.slice(0, 1));
  };
  return (
    <label
      class={`drop ${isSmall ? 'small' : ''} ${isOver ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      <input
        type="file"
        id={id}
        aria-invalid={invalidBy === undefined ? undefined : true}
        aria-describedby={invalidBy}
        aria-label={label}
        multiple={isMultiple}
        accept={accept}
        disabled={isDisabled}
        onChange={({ currentTarget }) => {
          take(currentTarget.files);
          // The same file may be chosen again, corrected.
          currentTarget.value = '';
        }}
      />
      {children}
    </label>
  );
}
