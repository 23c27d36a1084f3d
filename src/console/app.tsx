/** The console: its frame, and the page of the address. */
import { get } from './api/client.ts';
import type { Session } from './api/types.ts';
import { useLoad } from './api/use-load.ts';
import { language, t } from './language.ts';
import { BatchPage } from './pages/batch/batch-page.tsx';
import { CustomerPage } from './pages/customer/customer-page.tsx';
import { DoctorPage } from './pages/doctor-page.tsx';
import { HomePage } from './pages/home/home-page.tsx';
import { ChoosePage } from './pages/import/choose-page.tsx';
import { DraftPage } from './pages/import/draft-page.tsx';
import { ChannelPage, isPart } from './pages/koogallery/channel-page.tsx';
import { InstancePage } from './pages/koogallery/instance-page.tsx';
import { OverviewPage } from './pages/koogallery/overview-page.tsx';
import { ReviewsPage } from './pages/reviews/reviews-page.tsx';
import { match, path } from './router.ts';
import { isForAll, mayAct, session } from './session.ts';
import { Banners } from './shell/banners.tsx';
import { Header } from './shell/header.tsx';
import { ConfirmDialog } from './ui/confirm.tsx';
import { WhenLoaded } from './ui/loaded.tsx';
import { Notices } from './ui/notices.tsx';

export function App() {
  const loaded = useLoad('session', async (signal) => {
    session.value = await get<Session>('/v1/session', {}, signal);
    return session.value;
  });
  return (
    <>
      <Header />
      <Banners />
      <main id="content" tabIndex={-1} lang={language.value === 'zh' ? 'zh-CN' : 'en'}>
        <WhenLoaded of={loaded}>{() => <Page />}</WhenLoaded>
      </main>
      <ConfirmDialog />
      <Notices />
    </>
  );
}

function Page() {
  if (match('/') !== undefined) return <HomePage />;
  if (path.value.startsWith('/import') && !mayAct()) return <NotForYou />;
  if (match('/import') !== undefined) return <ChoosePage />;
  const [draft] = match('/import/:') ?? [];
  if (draft !== undefined) return <DraftPage key={draft} id={draft} />;
  const [batch] = match('/batches/:') ?? [];
  if (batch !== undefined) return <BatchPage key={batch} id={batch} />;
  if (match('/customers') !== undefined) return <CustomerPage />;
  const [customer] = match('/customers/:') ?? [];
  if (customer !== undefined) return <CustomerPage key={customer} id={customer} />;
  if (match('/reviews') !== undefined) return <ReviewsPage />;
  if (path.value.startsWith('/marketplace')) return <Marketplace />;
  if (match('/doctor') !== undefined) return mayAct() && isForAll() ? <DoctorPage /> : <NotForYou />;
  return <h1>{t().shell.notFound}</h1>;
}

/** Where there are channels. */
function Marketplace() {
  if (match('/marketplace') !== undefined) return <OverviewPage />;
  const [channel, id] = match('/marketplace/:/instances/:') ?? [];
  if (channel !== undefined && id !== undefined) return <InstancePage key={id} slug={channel} id={id} />;
  const [slug, part] = match('/marketplace/:/:') ?? [];
  if (slug !== undefined && part !== undefined && isPart(part))
    return <ChannelPage slug={slug} part={part} />;
  return <h1>{t().shell.notFound}</h1>;
}

function NotForYou() {
  return <h1>{t().shell.operatorsOnly}</h1>;
}
