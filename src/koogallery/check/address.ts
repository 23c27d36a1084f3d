/** The production address as such: what the marketplace takes, and whether it can be reached by anybody else. */
import type { LookupAddress } from 'node:dns';
import { lookup as lookupName } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { isLoopbackHost } from '../../alibaba/loopback.ts';
import { whyUnreached } from '../../alibaba/reach.ts';
import { bad, type CheckFinding, note, ok } from './check-finding.ts';

const REGISTER =
  'Register an https:// address with a domain name in the seller console, without query or user.';

/** Nobody outside reaches these. */
const INTERNAL = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  INTERNAL.addSubnet(network, bits);
INTERNAL.addAddress('::1', 'ipv6');
INTERNAL.addSubnet('fc00::', 7, 'ipv6');
INTERNAL.addSubnet('fe80::', 10, 'ipv6');

/** A host without the brackets of an IPv6 address. */
export const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** What the documents ask of it. Pure. @param where the host, or what it is about */
export function judgeAddress(where: string, url: URL): CheckFinding {
  const host = bareHost(url);
  const faults = [
    url.protocol !== 'https:' && 'it is not HTTPS',
    isIP(host) > 0 && 'it has an IP address instead of a domain name',
    isIP(host) === 0 && (isLoopbackHost(host) || !host.includes('.')) && 'its name is known only here',
    url.username !== '' && 'it has a user',
    (url.search !== '' || url.hash !== '') && 'it has a query or a fragment',
  ].filter((fault) => fault !== false);
  const said = { code: 'address', where, what: 'address' } as const;
  if (faults.length === 0) return ok({ ...said, text: `${url.origin}${url.pathname}` });
  return bad({ ...said, text: `${url.origin}${url.pathname}: ${faults.join(', ')}` }, REGISTER);
}

type Lookup = (host: string, options: { all: true }) => Promise<LookupAddress[]>;

/** Where its name leads, as this machine sees it. */
export async function checkPublic(
  where: string,
  url: URL,
  lookup: Lookup = lookupName,
): Promise<CheckFinding> {
  const said = { code: 'address_public', where, what: 'address: leads to' } as const;
  try {
    const addresses = (await lookup(bareHost(url), { all: true })).map(({ address }) => address);
    const text = addresses.join(', ');
    if (!addresses.some(isInternal)) return ok({ ...said, text });
    return note(
      { ...said, text: `${text}, which nobody outside can reach` },
      'Repeat it from outside of your network: here, the name may lead elsewhere than for the marketplace.',
    );
  } catch (error) {
    return bad({ ...said, text: `nowhere: ${whyUnreached(error)}` }, 'Publish the name in the DNS.');
  }
}

function isInternal(address: string): boolean {
  return INTERNAL.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
