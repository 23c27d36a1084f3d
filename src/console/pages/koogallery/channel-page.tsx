/** One channel: its instances, calls, usage and licenses, each under an address of its own. */
import { get } from '../../api/client.ts';
import type { Channel } from '../../api/koogallery-types.ts';
import { useLoad } from '../../api/use-load.ts';
import { t } from '../../language.ts';
import { Link } from '../../ui/link.tsx';
import { WhenLoaded } from '../../ui/loaded.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { CallsPart } from './calls.tsx';
import { InstancesPart } from './instances.tsx';
import { LicensesPart } from './licenses.tsx';
import { toChannel } from './marks.tsx';
import { UsagePart } from './usage.tsx';
import { useLooking } from './use-paged.ts';

const PARTS = { instances: InstancesPart, calls: CallsPart, usage: UsagePart, licenses: LicensesPart };
export type PartName = keyof typeof PARTS;

export const isPart = (name: string): name is PartName => Object.hasOwn(PARTS, name);

export function ChannelPage({ slug, part }: { slug: string; part: PartName }) {
  const text = t().koogallery;
  useTitle(`${text[part]} · ${slug}`);
  const Part = PARTS[part];
  const channels = useLoad('channels', (signal) =>
    get<{ channels: Channel[] }>('/v1/koogallery/channels', {}, signal),
  );
  useLooking(channels.reload);
  return (
    <>
      <p class="back">
        <Link to="/marketplace">{text.title}</Link>
      </p>
      <h1>{slug}</h1>
      <WhenLoaded of={channels}>
        {({ channels: all }) => (
          <Tabs slug={slug} part={part} channel={all.find((each) => each.channel === slug)} />
        )}
      </WhenLoaded>
      <Part key={slug} slug={slug} onChange={channels.reload} />
    </>
  );
}

function Tabs({ slug, part, channel }: { slug: string; part: PartName; channel: Channel | undefined }) {
  const text = t().koogallery;
  const parts: [PartName, boolean][] = [
    ['instances', true],
    ['calls', true],
    ['usage', channel?.usage !== undefined],
    ['licenses', channel?.licenses !== undefined],
  ];
  return (
    <nav class="tabs" aria-label={text.parts}>
      {parts
        .filter(([name, isShown]) => isShown || name === part)
        .map(([name]) => (
          <Link key={name} to={toChannel(slug, name)} isCurrent={name === part}>
            {text[name]}
          </Link>
        ))}
    </nav>
  );
}
