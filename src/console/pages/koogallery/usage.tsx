/** What was used and is reported to the marketplace: what waits for a person first. */
import { useState } from 'preact/hooks';
import { send } from '../../api/client.ts';
import type { Usage, UsageSummary } from '../../api/koogallery-types.ts';
import type { Page } from '../../api/types.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { search, setSearch } from '../../router.ts';
import { mayAct } from '../../session.ts';
import { confirm } from '../../ui/confirm.tsx';
import { Choice, Field } from '../../ui/field.tsx';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { tell } from '../../ui/notices.tsx';
import { useAction } from '../../ui/use-action.ts';
import { Deadlines, Trouble } from './deadlines.tsx';
import { More } from './more.tsx';
import { UsageCounts } from './overview-page.tsx';
import type { PartProps } from './part-props.ts';
import { DecideDialog } from './usage-decision.tsx';
import { UsageTable } from './usage-table.tsx';
import { usePaged } from './use-paged.ts';

type Listed = Page<'records', Usage> & { summary: UsageSummary };

export function UsagePart({ slug, onChange }: PartProps) {
  const text = t().koogallery;
  const [chosen, setChosen] = useState<Usage>();
  const { state, code, instance } = Object.fromEntries(search.value);
  const list = usePaged<Usage, Listed>(
    '/v1/koogallery/usage',
    { channel: slug, state, code, instance },
    'records',
  );
  const changed = () => {
    list.reload();
    onChange();
  };
  return (
    <>
      <WhenLoaded of={list}>
        {({ items, next, first }) => (
          <>
            <Summary slug={slug} of={first.summary} onChange={changed} />
            <section aria-labelledby="records">
              <h2 id="records">{text.records}</h2>
              <Filters />
              {items.length === 0 ? (
                <p class="empty">{next === null ? text.noUsage : text.lookedBack}</p>
              ) : (
                <UsageTable records={items} onChoose={setChosen} />
              )}
              <More next={next} onMore={list.showMore} />
            </section>
          </>
        )}
      </WhenLoaded>
      {chosen && (
        <DecideDialog slug={slug} of={chosen} onClose={() => setChosen(undefined)} onDone={changed} />
      )}
    </>
  );
}

function Summary({ slug, of, onChange }: { slug: string; of: UsageSummary; onChange(): void }) {
  const text = t().koogallery;
  const { isBusy, run } = useAction();
  const abnormal = of.counts.abnormal ?? 0;
  const retry = async () => {
    const question = { title: `${text.retryUsage}?`, body: text.retryUsageBody, action: text.retryUsage };
    if (!(await confirm(question))) return;
    await run(async () => {
      const path = `/v1/koogallery/usage/retry?channel=${encodeURIComponent(slug)}`;
      const { records } = await send<{ records: number }>('POST', path, {});
      tell(text.retriedUsage(count(records)));
      onChange();
    });
  };
  return (
    <section class="panel" aria-label={text.usage}>
      <Trouble of={of} />
      <UsageCounts channel={slug} counts={of.counts} />
      <h2>{text.nextDeadline}</h2>
      {of.deadlines.length === 0 ? <p class="quiet">{text.allReceived}</p> : <Deadlines of={of.deadlines} />}
      {abnormal > 0 && mayAct() && (
        <div class="buttons">
          <button type="button" disabled={isBusy} onClick={retry}>
            {text.retryUsage}
          </button>
        </div>
      )}
    </section>
  );
}

function Filters() {
  const text = t().koogallery;
  const value = (name: string) => search.value.get(name) ?? '';
  const states = Object.entries(t().koogalleryWords.usage);
  const texts: [string, string][] = [
    ['instance', text.instance],
    ['code', text.code],
  ];
  return (
    <div class="filters">
      <Choice
        label={text.state}
        value={value('state')}
        options={[['', text.any], ...states]}
        onChoose={(state) => setSearch({ state })}
      />
      {texts.map(([name, label]) => (
        <Field key={name} label={label}>
          <input
            type="search"
            value={value(name)}
            onChange={(event) => setSearch({ [name]: event.currentTarget.value.trim() })}
          />
        </Field>
      ))}
    </div>
  );
}
