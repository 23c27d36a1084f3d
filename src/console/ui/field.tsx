/** A label with what is chosen or written behind it. */
import type { ComponentChildren } from 'preact';

export function Field({
  label,
  hint,
  children,
}: {
  label: string;
  hint?: string;
  children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among its children
    <label class="field">
      <span>{label}</span>
      {children}
      {hint && <small>{hint}</small>}
    </label>
  );
}

export interface ChoiceProps {
  label: string;
  value: string;
  /** What is sent, and what is read. */
  options: readonly (readonly [value: string, text: string])[];
  onChoose(value: string): void;
}

export function Choice({ label, value, options, onChoose }: ChoiceProps) {
  return (
    <Field label={label}>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  );
}
