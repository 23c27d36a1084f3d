/**
 * What a server says in a TLS handshake, by asking it: nothing is sent inside. The roots are those that everybody has, and
 * not what the environment of this machine adds to them, because the marketplace has no such addition.
 */
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import {
  checkServerIdentity,
  connect,
  type DetailedPeerCertificate,
  rootCertificates,
  type SecureVersion,
  type TLSSocket,
} from 'node:tls';

export const TLS_VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const satisfies SecureVersion[];
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** Longest wait for a handshake, in milliseconds. */
const WITHIN_MS = 10_000;
const CHAIN_MAX = 10;
/** Without it, OpenSSL 3 asks for neither TLS 1.0 nor 1.1, and takes no key that is too short by now. */
const ANY_CIPHER = 'DEFAULT@SECLEVEL=0';
/** This machine cannot ask: that says nothing about the server. */
const UNABLE = ['ERR_SSL_NO_PROTOCOLS_AVAILABLE', 'ERR_SSL_NO_CIPHERS_AVAILABLE'];

export interface TlsTarget {
  /** A name, or an address without brackets. */
  host: string;
  port: number;
  /** Certificates in PEM; by default the public authorities that Node knows. */
  roots?: readonly string[] | undefined;
  /** By default that of the system. */
  lookup?: LookupFunction | undefined;
}

export interface SentCertificate {
  subject: string;
  issuer: string;
  /** Milliseconds since 1970. */
  from: number;
  to: number;
}

export interface TlsFacts {
  versions: Record<TlsVersion, 'offered' | 'refused' | 'unknown'>;
  /** The server's own first, up to the root if it is known. */
  chain: SentCertificate[];
  /** Why it is not trusted, as OpenSSL names it; undefined if it is. */
  distrust: string | undefined;
  /** Whether it is that of the host. */
  isOfHost: boolean;
  /** Whether HTTP/2 is spoken with whoever asks for it. */
  offersHttp2: boolean;
}

type Shaken =
  | { kind: 'secure'; facts: Omit<TlsFacts, 'versions'> }
  /** After the connection was there. */
  | { kind: 'refused'; reason: string }
  | { kind: 'unreached'; reason: string };

interface Asked {
  min: TlsVersion;
  max: TlsVersion;
  takesAnyCipher: boolean;
}

/** @returns why there is no server, if there is none */
export async function lookAtTls(target: TlsTarget): Promise<TlsFacts | { unreached: string }> {
  const whole = { min: 'TLSv1', max: 'TLSv1.3' } as const;
  let shaken = await shake(target, { ...whole, takesAnyCipher: false });
  // A server that is behind the times can still say whose it is.
  if (shaken.kind === 'refused') shaken = await shake(target, { ...whole, takesAnyCipher: true });
  if (shaken.kind !== 'secure') return { unreached: shaken.reason };
  const entries = await Promise.all(
    TLS_VERSIONS.map(async (version) => [version, await offers(target, version)] as const),
  );
  return { ...shaken.facts, versions: Object.fromEntries(entries) as TlsFacts['versions'] };
}

async function offers(target: TlsTarget, version: TlsVersion): Promise<'offered' | 'refused' | 'unknown'> {
  const isOld = version === 'TLSv1' || version === 'TLSv1.1';
  const shaken = await shake(target, { min: version, max: version, takesAnyCipher: isOld });
  if (shaken.kind === 'secure') return 'offered';
  return shaken.kind === 'refused' && !UNABLE.includes(shaken.reason) ? 'refused' : 'unknown';
}

function shake(
  { host, port, roots, lookup }: TlsTarget,
  { min, max, takesAnyCipher }: Asked,
): Promise<Shaken> {
  return new Promise((resolve) => {
    let isConnected = false;
    const socket = connect({
      ...{ host, port, minVersion: min, maxVersion: max, ALPNProtocols: ['h2', 'http/1.1'] },
      // All of them are wanted to be known, so nothing ends the handshake early.
      ...{ rejectUnauthorized: false, ca: [...(roots ?? rootCertificates)] },
      ...(isIP(host) === 0 && { servername: host }),
      ...(takesAnyCipher && { ciphers: ANY_CIPHER }),
      ...(lookup && { lookup }),
    });
    const end = (shaken: Shaken): void => {
      clearTimeout(timer);
      resolve(shaken);
      socket.destroy();
    };
    const fail = (reason: string) => end({ kind: isConnected ? 'refused' : 'unreached', reason });
    // Whoever is silent has refused nothing.
    const timer = setTimeout(() => end({ kind: 'unreached', reason: 'no answer in time' }), WITHIN_MS);
    socket.once('connect', () => {
      isConnected = true;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'unknown reason'));
    socket.once('close', () => fail('hung up'));
    socket.once('secureConnect', () => end({ kind: 'secure', facts: factsOf(socket, host) }));
  });
}

function factsOf(socket: TLSSocket, host: string): Omit<TlsFacts, 'versions'> {
  const own = socket.getPeerCertificate(true);
  const isThere = Object.keys(own).length > 0;
  return {
    chain: chainOf(own),
    // Node gives the code, whatever its types say.
    distrust: socket.authorized ? undefined : trustOf(String(socket.authorizationError)),
    isOfHost: isThere && checkServerIdentity(host, own) === undefined,
    offersHttp2: socket.alpnProtocol === 'h2',
  };
}

/** The name is looked at by itself. */
function trustOf(reason: string): string | undefined {
  return reason === 'ERR_TLS_CERT_ALTNAME_INVALID' ? undefined : reason;
}

function chainOf(own: DetailedPeerCertificate): SentCertificate[] {
  const chain: SentCertificate[] = [];
  let next: DetailedPeerCertificate | undefined = own;
  while (next !== undefined && Object.keys(next).length > 0 && chain.length < CHAIN_MAX) {
    const { subject, issuer, valid_from: from, valid_to: to } = next;
    const times = { from: Date.parse(from), to: Date.parse(to) };
    chain.push({ subject: nameOf(subject), issuer: nameOf(issuer), ...times });
    const above: DetailedPeerCertificate | undefined = next.issuerCertificate;
    next = above === next ? undefined : above;
  }
  return chain;
}

/** From outside, so bounded. */
function nameOf(name: { CN?: unknown; O?: unknown } | undefined): string {
  return String(name?.CN ?? name?.O ?? 'without a name').slice(0, 80);
}
