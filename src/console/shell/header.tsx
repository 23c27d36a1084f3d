/** The head of every page: where to go, who looks, in which language and light, and whether news arrive. */
import { base } from '../api/client.ts';
import { connection } from '../api/live.ts';
import { t } from '../language.ts';
import { path } from '../router.ts';
import { isForAll, mayAct, session } from '../session.ts';
import { Link } from '../ui/link.tsx';
import { Switches } from '../ui/switches.tsx';

export function Header() {
  return (
    <header class="top">
      <a class="skip" href="#content">
        {t().shell.skip}
      </a>
      <div class="top-line">
        <Link to="/" class="brand" label="isv-onboarding">
          <Logo /> <span class="brand-name">isv-onboarding</span>
        </Link>
        <Navigation />
        <div class="top-end">
          <Connection />
          <Switches text={t().shell.theme} />
          <Who />
        </div>
      </div>
    </header>
  );
}

function Logo() {
  return (
    <svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
      <rect width="16" height="16" rx="4" class="logo-ground" />
      <path d="M4 8.4l2.6 2.6L12 5.6" class="logo-mark" />
    </svg>
  );
}

function Navigation() {
  const text = t().shell.nav;
  const isOperator = mayAct();
  const isAt = (to: string) => (to === '/' ? path.value === '/' : path.value.startsWith(to));
  const links: [string, string, boolean][] = [
    ['/', text.home, true],
    ['/import', text.newImport, isOperator],
    ['/customers', text.customers, true],
    ['/reviews', text.reviews, true],
    ['/doctor', text.doctor, isOperator && isForAll()],
  ];
  return (
    <nav aria-label={text.label}>
      {links
        .filter(([, , isShown]) => isShown)
        .map(([to, label]) => (
          <Link key={to} to={to} isCurrent={isAt(to)}>
            {label}
          </Link>
        ))}
      {isForAll() && <a href={`${base}/queues`}>{text.queues}</a>}
    </nav>
  );
}

function Connection() {
  const state = connection.value;
  const text = t().shell.connection;
  if (state === 'off') return null;
  return (
    <span class={`connection ${state}`} title={state === 'lost' ? text.lost : undefined}>
      <span class="dot" aria-hidden="true" />
      <span class="connection-word">{state === 'lost' ? text.lostShort : text[state]}</span>
    </span>
  );
}

function Who() {
  const known = session.value;
  if (known === undefined) return null;
  const { user, hasLogin } = known;
  return (
    <form class="who" method="post" action={`${base}/logout`}>
      <span title={user.account}>
        <b>{user.name}</b> <small>{t().shell.role[user.role]}</small>
      </span>
      {hasLogin && (
        <button type="submit" class="plain">
          {t().shell.logOut}
        </button>
      )}
    </form>
  );
}
