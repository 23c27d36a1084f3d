/** How many codes of licenses are left. They are loaded where the file with them is, and never shown here. */
import { get } from '../../api/client.ts';
import type { Licenses } from '../../api/koogallery-types.ts';
import { useLoad } from '../../api/use-load.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { Pairs } from './marks.tsx';
import type { PartProps } from './part-props.ts';
import { useLooking } from './use-paged.ts';

export function LicensesPart({ slug }: PartProps) {
  const text = t().koogallery;
  const licenses = useLoad(`licenses ${slug}`, (signal) =>
    get<Licenses>('/v1/koogallery/licenses', { channel: slug }, signal),
  );
  useLooking(licenses.reload);
  return (
    <WhenLoaded of={licenses}>
      {({ free, given, loaded }) => (
        <section class="panel" aria-label={text.licenses}>
          {loaded > 0 && free === 0 && <p class="box bad">{text.noLicense}</p>}
          <Pairs
            of={[
              [text.free, count(free)],
              [text.given, count(given)],
              [text.loaded, count(loaded)],
            ]}
          />
          <p class="quiet">{text.loadMore}</p>
          <p>
            <code>onboard koogallery licenses add {slug} FILE</code>
          </p>
        </section>
      )}
    </WhenLoaded>
  );
}
