/** What everybody has to know before they read on. */
import { connection } from '../api/live.ts';
import { t } from '../language.ts';
import { session } from '../session.ts';

export function Banners() {
  const isLost = connection.value === 'lost';
  return (
    <section class="banners" aria-label={t().shell.standing}>
      {session.value?.isRehearsal && <p class="banner rehearsal">{t().shell.rehearsal}</p>}
      <div role="status">{isLost && <p class="banner lost">{t().shell.connection.lost}</p>}</div>
    </section>
  );
}
