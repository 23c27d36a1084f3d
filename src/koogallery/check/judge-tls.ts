/** What the marketplace would say to a server's TLS: 1.2 or newer, and a certificate of a public authority. Pure. */
import { plural } from '../../text.ts';
import { bad, type CheckFinding, note, ok } from './check-finding.ts';
import type { SentCertificate, TlsFacts, TlsVersion } from './look-at-tls.ts';

const DAY_MS = 86_400_000;
/** People who renew by hand want to know a month ahead. */
const DAYS_WARNED_MAX = 30;

const NEW: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3'];
const MEND_VERSIONS = 'Offer TLS 1.2 and 1.3 and nothing older; for nginx: ssl_protocols TLSv1.2 TLSv1.3;';
const FULL_CHAIN =
  'Configure the file with the whole chain: the certificate first, then each intermediate (fullchain.pem).';
const PUBLIC_AUTHORITY = 'Use a certificate of a public authority: the marketplace trusts no other.';

/** By what OpenSSL says; anything else is told as it is. Dates are judged by themselves. */
const DISTRUST: Readonly<Record<string, readonly [text: string, hint: string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ['is signed by itself', PUBLIC_AUTHORITY],
  SELF_SIGNED_CERT_IN_CHAIN: ['comes from an authority that is not public', PUBLIC_AUTHORITY],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'is sent alone, and no public root has issued it: an intermediate is missing, or its authority is not public',
    FULL_CHAIN,
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'is sent with a chain that leads to no public root: an intermediate is missing, or its authority is not public',
    FULL_CHAIN,
  ],
  UNABLE_TO_GET_ISSUER_CERT: ['is sent with a chain that has a gap', FULL_CHAIN],
};
const OF_DATES = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

/** @param now milliseconds since 1970 */
export function judgeTls(where: string, facts: TlsFacts, now: number): CheckFinding[] {
  const { chain, offersHttp2 } = facts;
  return [
    judgeVersions(where, facts),
    judgeChain(where, facts),
    judgeName(where, facts),
    ...(chain.length > 0 ? [judgeDates(where, chain, now)] : []),
    ...(offersHttp2 ? [http2Note(where)] : []),
  ];
}

function judgeVersions(where: string, { versions }: TlsFacts): CheckFinding {
  const named = (entries: readonly string[]) => entries.map((name) => name.replace('v', ' ')).join(', ');
  const of = (outcome: 'offered' | 'unknown') =>
    Object.entries(versions).flatMap(([name, each]) => (each === outcome ? [name as TlsVersion] : []));
  const offered = of('offered');
  const said = { code: 'tls_versions', where, what: 'TLS versions' } as const;
  const text = `${named(offered) || 'none'} offered`;
  const old = offered.filter((version) => !NEW.includes(version));
  if (old.length > 0) return bad({ ...said, text: `${text}: ${named(old)} must be refused` }, MEND_VERSIONS);
  if (offered.length === 0) return bad({ ...said, text }, MEND_VERSIONS);
  if (!offered.includes('TLSv1.2'))
    return note(
      { ...said, text: `${text}, and not TLS 1.2` },
      'Offer TLS 1.2 too: that the marketplace knows 1.3 is not documented.',
    );
  const unknown = of('unknown');
  if (unknown.length === 0) return ok({ ...said, text: `${text}, and nothing older` });
  return note(
    { ...said, text: `${text}; whether ${named(unknown)} is refused, this machine could not find out` },
    'Repeat it from another machine.',
  );
}

function judgeChain(where: string, { chain, distrust }: TlsFacts): CheckFinding {
  const said = { code: 'certificate_chain', where, what: 'certificate' } as const;
  const [own] = chain;
  if (own === undefined) return bad({ ...said, text: 'none was sent' }, PUBLIC_AUTHORITY);
  if (distrust === undefined || OF_DATES.includes(distrust))
    return ok({ ...said, text: chain.map(({ subject }) => subject).join(' < ') });
  const [text, hint] = DISTRUST[distrust] ?? [`is not trusted (${distrust})`, PUBLIC_AUTHORITY];
  return bad({ ...said, text: `that of ${own.issuer} ${text}` }, hint);
}

function judgeName(where: string, { isOfHost }: TlsFacts): CheckFinding {
  const said = { code: 'certificate_host', where, what: 'certificate: name' } as const;
  if (isOfHost) return ok({ ...said, text: `it is that of ${where}` });
  return bad(
    { ...said, text: `it is not that of ${where}` },
    'Configure a certificate for the name in the production address.',
  );
}

/** Of a chain, the first certificate that ends decides. */
function judgeDates(where: string, chain: readonly SentCertificate[], now: number): CheckFinding {
  const said = { code: 'certificate_days', where, what: 'certificate: dates' } as const;
  const from = Math.max(...chain.map((each) => each.from));
  const first = chain.reduce((one, other) => (other.to < one.to ? other : one));
  const end = new Date(first.to).toISOString().slice(0, 10);
  const renew = 'Renew it, and see that the server takes the new one.';
  if (from > now)
    return bad({ ...said, text: `valid only from ${new Date(from).toISOString()}` }, 'Check the clocks.');
  if (first.to <= now) return bad({ ...said, text: `${first.subject} ended on ${end}` }, renew);
  const days = Math.floor((first.to - now) / DAY_MS);
  const text = `${plural(days, 'day')} left, until ${end}`;
  // Certificates of a short life are renewed in its last third.
  const life = (first.to - first.from) / DAY_MS;
  const isLate = (first.to - now) / DAY_MS < Math.min(DAYS_WARNED_MAX, life / 3);
  return isLate ? note({ ...said, text }, renew) : ok({ ...said, text });
}

function http2Note(where: string): CheckFinding {
  return note(
    { code: 'alpn', where, what: 'HTTP/2', text: 'is offered; in it every header name is in lower case' },
    'Switch it off for this address: the marketplace tells Body-Sign from body-sign.',
  );
}
