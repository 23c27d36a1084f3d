/** What a channel has sold, the newest first: filtered, or found by the id of an instance or of an order. */
import { send } from '../../api/client.ts';
import type { Instance } from '../../api/koogallery-types.ts';
import type { Page } from '../../api/types.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { search, setSearch } from '../../router.ts';
import { mayAct } from '../../session.ts';
import { confirm } from '../../ui/confirm.tsx';
import { Choice, Field } from '../../ui/field.tsx';
import { Link } from '../../ui/link.tsx';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { Time } from '../../ui/marks.tsx';
import { tell } from '../../ui/notices.tsx';
import { useAction } from '../../ui/use-action.ts';
import { StateWord, toInstance } from './marks.tsx';
import { More } from './more.tsx';
import type { PartProps } from './part-props.ts';
import { usePaged } from './use-paged.ts';

export function InstancesPart({ slug, onChange }: PartProps) {
  const text = t().koogallery;
  const { named, state, refused } = Object.fromEntries(search.value);
  const query = { channel: slug, named, state, refused };
  const list = usePaged<Instance, Page<'instances', Instance>>(
    '/v1/koogallery/instances',
    query,
    'instances',
  );
  const changed = () => {
    list.reload();
    onChange();
  };
  return (
    <>
      <Filters />
      <WhenLoaded of={list}>
        {({ items, next }) => (
          <>
            {refused === 'true' && items.length > 0 && mayAct() && <RetryAll slug={slug} onDone={changed} />}
            {items.length === 0 ? (
              <p class="empty">{next === null ? text.noInstances : text.lookedBack}</p>
            ) : (
              <div class="framed">
                <Table instances={items} />
              </div>
            )}
            <More next={next} onMore={list.showMore} />
          </>
        )}
      </WhenLoaded>
    </>
  );
}

function Filters() {
  const text = t().koogallery;
  const value = (name: string) => search.value.get(name) ?? '';
  const states = Object.entries(t().koogalleryWords.instance);
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget).get('named');
        setSearch({ named: String(given ?? '').trim() });
      }}
    >
      <Field label={text.find}>
        <input
          type="search"
          name="named"
          title={text.findHint}
          value={value('named')}
          onChange={(event) => setSearch({ named: event.currentTarget.value.trim() })}
        />
      </Field>
      <Choice
        label={text.state}
        value={value('state')}
        options={[['', text.any], ...states]}
        onChoose={(state) => setSearch({ state })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={value('refused') === 'true'}
          onChange={(event) => setSearch({ refused: event.currentTarget.checked ? 'true' : '' })}
        />
        {text.onlyRefused}
      </label>
    </form>
  );
}

function RetryAll({ slug, onDone }: { slug: string; onDone(): void }) {
  const text = t().koogallery;
  const { isBusy, run } = useAction();
  const retry = async () => {
    const question = { title: `${text.retryAll}?`, body: text.retryAllBody, action: text.retryAll };
    if (!(await confirm(question))) return;
    await run(async () => {
      const path = `/v1/koogallery/instances/retry?channel=${encodeURIComponent(slug)}`;
      const { instances } = await send<{ instances: unknown[] }>('POST', path);
      tell(text.retriedAll(count(instances.length)));
      onDone();
    });
  };
  return (
    <p>
      <button type="button" disabled={isBusy} onClick={retry}>
        {text.retryAll}
      </button>
    </p>
  );
}

function Table({ instances }: { instances: readonly Instance[] }) {
  const text = t().koogallery;
  return (
    <table class="stack">
      <thead>
        <tr>
          <th scope="col">{text.instance}</th>
          <th scope="col">{text.state}</th>
          <th scope="col">{text.order}</th>
          <th scope="col">{text.created}</th>
          <th scope="col">{text.expires}</th>
          <th scope="col" class="end">
            {text.left}
          </th>
          <th scope="col" class="end">
            {text.refused}
          </th>
        </tr>
      </thead>
      <tbody>
        {instances.map((instance) => (
          <Line key={instance.id} of={instance} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ of }: { of: Instance }) {
  const text = t().koogallery;
  const { channel, id, state, orderId, createdAt, expireAt, version, settled, refused } = of;
  return (
    <tr>
      <th scope="row">
        <Link to={toInstance(channel, id)}>
          <code>{id}</code>
        </Link>
      </th>
      <td data-label={text.state}>
        <StateWord kind="instance" state={state} />
      </td>
      <td data-label={text.order}>{orderId === undefined ? '–' : <code>{orderId}</code>}</td>
      <td data-label={text.created}>
        <Time at={createdAt} />
      </td>
      <td data-label={text.expires}>{expireAt === undefined ? '–' : <Time at={expireAt} />}</td>
      <td data-label={text.left} class="end number">
        {count(version - settled)}
      </td>
      <td data-label={text.refused} class="end number">
        <span class={refused > 0 ? 'bad' : 'quiet'}>{count(refused)}</span>
      </td>
    </tr>
  );
}
