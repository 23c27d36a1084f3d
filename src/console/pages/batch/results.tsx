/** The result files of a batch: each row is in exactly one of the three. */
import { useState } from 'preact/hooks';
import { address } from '../../api/client.ts';
import { t } from '../../language.ts';
import { Choice } from '../../ui/field.tsx';

const KINDS = ['succeeded', 'failed', 'unprocessed'] as const;
const FORMATS = [
  ['csv', 'CSV'],
  ['xlsx', 'XLSX'],
  ['ndjson', 'NDJSON'],
] as const;

export function Results({ at }: { at: string }) {
  const text = t().batch;
  const [format, setFormat] = useState('csv');
  return (
    <section class="panel" aria-labelledby="results">
      <h2 id="results">{text.results}</h2>
      <div class="filters">
        <Choice label={text.format} value={format} options={FORMATS} onChoose={setFormat} />
        {KINDS.map((kind) => (
          <a key={kind} class="button" href={address(`${at}/results`, { kind, format })} download>
            {text.resultKinds[kind]}
          </a>
        ))}
      </div>
    </section>
  );
}
