/** The page of one order: what is to be filled in, or how far the registration is. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { language } from '../chosen-language.ts';
import { Switches } from '../ui/switches.tsx';
import { Order } from './order.tsx';
import { OrderForm } from './order-form.tsx';
import { t } from './text.ts';
import type { FormView } from './types.ts';
import { useView } from './use-view.ts';

/** For a glance at the news, before the page goes on. */
const GO_ON_AFTER_MS = 3_000;

export function FormApp() {
  const { link, shown, setView, reload } = useView();
  const text = t();
  useEffect(() => {
    document.title = text.title;
  }, [text]);
  return (
    <>
      <header class="form-top">
        <Switches text={text.theme} />
      </header>
      <main id="content" lang={language.value === 'zh' ? 'zh-CN' : 'en'}>
        {shown.is === 'loading' && <p role="status">{text.loading}</p>}
        {shown.is === 'unknown' && <State of="unknown" />}
        {shown.is === 'away' && (
          <div role="status">
            <h1>{text.title}</h1>
            <p class="box warn">{text.away}</p>
            <button type="button" onClick={reload}>
              {text.again}
            </button>
          </div>
        )}
        {shown.is === 'view' && shown.view.state === 'open' && (
          <OrderForm
            key={`${link.token} ${shown.view.asked}`}
            link={link}
            view={shown.view}
            onView={setView}
            onClosed={reload}
          />
        )}
        {shown.is === 'view' && <Standing view={shown.view} />}
      </main>
    </>
  );
}

/** Of an order that waits for no form. */
function Standing({ view }: { view: FormView }) {
  if (view.state === 'open') return null;
  return (
    <State of={view.state}>
      <Order view={view} />
      {view.state === 'registered' && view.next !== undefined && <GoOn to={view.next} />}
    </State>
  );
}

function State({ of, children }: { of: keyof ReturnType<typeof t>['states']; children?: ComponentChildren }) {
  const [title, body] = t().states[of];
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever listens to the page hears what has become of it.
  useEffect(() => heading.current?.focus(), [of]);
  return (
    <section class={`panel standing is-${of}`}>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p>{body}</p>
      {children}
    </section>
  );
}

/** The page takes its own place in the history, so that the way back does not lead here, and on again. */
function GoOn({ to }: { to: string }) {
  const isAddress = /^https?:\/\//i.test(to) && URL.canParse(to);
  useEffect(() => {
    if (!isAddress) return;
    const timer = setTimeout(() => location.replace(to), GO_ON_AFTER_MS);
    return () => clearTimeout(timer);
  }, [to, isAddress]);
  if (!isAddress) return null;
  return (
    <a class="button primary" href={to}>
      {t().continue(new URL(to).host)}
    </a>
  );
}
