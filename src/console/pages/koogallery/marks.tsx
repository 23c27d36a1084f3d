/** Small things that the pages about channels share. */
import type { ComponentChildren } from 'preact';
import { t } from '../../language.ts';

type Kind = 'instance' | 'taskState' | 'usage';

/** A state that is not known here is shown as the API calls it. */
export function StateWord({ kind, state }: { kind: Kind; state: string }) {
  return <span class={`tag koo-${state}`}>{t().koogalleryWords[kind][state] ?? state}</span>;
}

/** What is not known is left out. */
export function Pairs({ of }: { of: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="pairs">
      {of
        .filter(([, value]) => value !== undefined && value !== false)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export const toChannel = (slug: string, part: string, search = '') =>
  `/marketplace/${encodeURIComponent(slug)}/${part}${search}`;

export const toInstance = (slug: string, id: string) =>
  toChannel(slug, `instances/${encodeURIComponent(id)}`);

/** How far away a moment is. */
export function distance(iso: string): { seconds: number; isAhead: boolean } {
  const seconds = (new Date(iso).getTime() - Date.now()) / 1_000;
  return { seconds: Math.abs(seconds), isAhead: seconds > 0 };
}
