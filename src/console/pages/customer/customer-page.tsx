/** One customer: found by its id, with everything that is still kept of it. */
import { useState } from 'preact/hooks';
import { get, part } from '../../api/client.ts';
import type { CustomerStory } from '../../api/types.ts';
import { useLoad } from '../../api/use-load.ts';
import { t } from '../../language.ts';
import { go, search } from '../../router.ts';
import { session } from '../../session.ts';
import { Choice, Field } from '../../ui/field.tsx';
import { toCustomer } from '../../ui/link.tsx';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { CustomerHistory } from './history.tsx';

export function CustomerPage({ id }: { id?: string }) {
  const text = t().customer;
  useTitle(id ?? text.title);
  return (
    <>
      <h1>{text.title}</h1>
      <p class="intro">{text.intro}</p>
      <Find id={id} />
      {id !== undefined && <Found id={id} account={search.value.get('account') ?? undefined} />}
    </>
  );
}

function Find({ id = '' }: { id: string | undefined }) {
  const text = t().customer;
  const accounts = session.value?.accounts ?? [];
  const [typed, setTyped] = useState(id);
  const [account, setAccount] = useState(search.value.get('account') ?? accounts[0] ?? '');
  const isOfMany = accounts.length > 1;
  const find = (event: SubmitEvent) => {
    event.preventDefault();
    if (typed.trim() !== '') go(toCustomer(typed.trim(), isOfMany ? account : undefined));
  };
  return (
    <search>
      <form class="filters" onSubmit={find}>
        <Field label={text.id}>
          <input type="search" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        </Field>
        {isOfMany && (
          <Choice
            label={t().home.filterAccount}
            value={account}
            options={accounts.map((name) => [name, name] as const)}
            onChoose={setAccount}
          />
        )}
        <button type="submit" class="primary">
          {text.find}
        </button>
      </form>
    </search>
  );
}

function Found({ id, account }: { id: string; account: string | undefined }) {
  const story = useLoad(`customer ${account} ${id}`, (signal) =>
    get<CustomerStory>(`/v1/customers/${part(id)}`, { account }, signal),
  );
  if (story.problem?.code === 'CUSTOMER_UNKNOWN') return <p class="empty">{t().customer.unknown(id)}</p>;
  return <WhenLoaded of={story}>{(loaded) => <CustomerHistory story={loaded} />}</WhenLoaded>;
}
