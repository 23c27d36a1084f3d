/** Home: does it run, what holds it, and how far are the batches? */
import { get } from '../../api/client.ts';
import { useLive } from '../../api/live.ts';
import type { Account, Batch } from '../../api/types.ts';
import { useLoad } from '../../api/use-load.ts';
import { t } from '../../language.ts';
import { mayAct } from '../../session.ts';
import { Link } from '../../ui/link.tsx';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { AccountCard } from './account-card.tsx';
import { BatchList, useBatches } from './batch-list.tsx';

export function HomePage() {
  const text = t().home;
  useTitle(text.title);
  const accounts = useLoad('accounts', (signal) => get<{ accounts: Account[] }>('/v1/accounts', {}, signal));
  const batches = useBatches();
  useLive({
    path: '/v1/events',
    on: {
      accounts: (news) => accounts.change(() => news as { accounts: Account[] }),
      batch: (news) => batches.hear(news as Batch),
    },
    refresh() {
      accounts.reload();
      batches.reload();
    },
  });
  const change = (account: Account) =>
    accounts.change((old) => ({
      accounts: old.accounts.map((each) => (each.name === account.name ? account : each)),
    }));
  return (
    <>
      <div class="page-head">
        <h1>{text.title}</h1>
        {mayAct() && (
          <Link to="/import" class="button primary">
            {text.newImport}
          </Link>
        )}
      </div>
      <section aria-labelledby="accounts">
        <h2 id="accounts">{text.accounts}</h2>
        <WhenLoaded of={accounts}>
          {(loaded) => (
            <div class="cards">
              {loaded.accounts.map((account) => (
                <AccountCard key={account.name} account={account} onChange={change} />
              ))}
            </div>
          )}
        </WhenLoaded>
      </section>
      <section aria-labelledby="batches">
        <h2 id="batches">{text.batches}</h2>
        <BatchList batches={batches} />
      </section>
    </>
  );
}
