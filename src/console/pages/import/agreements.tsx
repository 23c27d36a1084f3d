/** The agreements of a draft: how many there are, which of them nobody needs, and a place for more. */
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { FileDrop } from '../../ui/file-drop.tsx';
import type { PartProps } from './reading.tsx';

const SHOWN = 20;

export function Agreements({ draft: { agreements }, open }: PartProps) {
  const text = t().draft;
  const { files, unused } = agreements;
  return (
    <section class="panel" aria-labelledby="agreements">
      <h2 id="agreements">{text.files(count(files))}</h2>
      <FileDrop
        label={text.more}
        isSmall
        isMultiple
        accept=".pdf,.zip"
        isDisabled={open.isBusy}
        onFiles={(chosen) => open.addAgreements(chosen)}
      >
        {text.more}
      </FileDrop>
      {unused.length > 0 && (
        <details>
          <summary>{text.unused(count(unused.length))}</summary>
          <ul class="plain-list">
            {unused.slice(0, SHOWN).map((name) => (
              <li key={name}>{name}</li>
            ))}
            {unused.length > SHOWN && <li>+ {count(unused.length - SHOWN)}</li>}
          </ul>
        </details>
      )}
    </section>
  );
}
