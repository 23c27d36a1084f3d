/** How urgent a batch is. */
import { t } from '../language.ts';
import { Field } from './field.tsx';

export function PriorityField({ value, onChange }: { value: number; onChange(value: number): void }) {
  return (
    <Field label={t().draft.priority} hint={t().draft.priorityHint}>
      <input
        type="number"
        required
        min={2}
        max={1_000_000}
        value={value}
        onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
    </Field>
  );
}
