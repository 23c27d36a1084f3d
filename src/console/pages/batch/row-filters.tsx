/** Which rows of a batch are shown; the address keeps it. */
import { useEffect, useState } from 'preact/hooks';
import type { BatchDetail, Outcome } from '../../api/types.ts';
import { t } from '../../language.ts';
import { search, setSearch } from '../../router.ts';
import { Choice, Field } from '../../ui/field.tsx';

/** A name is asked for when nobody has typed for so long. */
const TYPED_MS = 250;

export function RowFilters({ batch }: { batch: BatchDetail }) {
  const text = t().batch;
  const { words } = t();
  const outcomes = Object.keys(words.outcome) as Outcome[];
  const reviews = ['awaited', 'approved', 'rejected'] as const;
  const codes = [...new Set([...batch.codes.map(({ code }) => code), search.value.get('code') ?? ''])];
  const value = (name: string) => search.value.get(name) ?? '';
  return (
    <div class="filters">
      <Find />
      <Choice
        label={text.outcome}
        value={value('outcome')}
        options={[['', text.any], ...outcomes.map((each) => [each, words.outcome[each]] as const)]}
        onChoose={(outcome) => setSearch({ outcome })}
      />
      <Choice
        label={text.code}
        value={value('code')}
        options={[['', text.any], ...codes.filter(Boolean).map((code) => [code, code] as const)]}
        onChoose={(code) => setSearch({ code })}
      />
      <Choice
        label={text.review}
        value={value('review')}
        options={[['', text.any], ...reviews.map((each) => [each, words.review[each]] as const)]}
        onChoose={(review) => setSearch({ review })}
      />
    </div>
  );
}

function Find() {
  const [typed, setTyped] = useState(search.value.get('q') ?? '');
  const asked = search.value.get('q') ?? '';
  useEffect(() => setTyped((old) => (old.trim() === asked ? old : asked)), [asked]);
  useEffect(() => {
    const timer = setTimeout(() => setSearch({ q: typed.trim() }), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Field label={t().batch.find}>
      <input type="search" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
    </Field>
  );
}
