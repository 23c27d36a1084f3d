/** How the certificate of a Redis is judged. */
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, type PeerCertificate } from 'node:tls';

/** Texts in PEM; what is absent is the default of Node. */
export interface TlsMaterial {
  /** Who may have signed the certificates of the servers, instead of the public authorities. */
  ca?: string | undefined;
  /** Our own certificate, for servers that ask for one. */
  cert?: string | undefined;
  key?: string | undefined;
}

/**
 * A cluster and Sentinels name other nodes, often by address, while their certificates are issued for names. Such a node is
 * accepted if its certificate is good for a host that the settings name; a node that has a name must prove that name.
 * @param hosts that the settings name
 */
export function tlsOptionsOf({ ca, cert, key }: TlsMaterial, hosts: readonly string[]): ConnectionOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    checkServerIdentity: (host, certificate) => judgeIdentity(host, certificate, hosts),
  };
}

/** @returns undefined if the certificate is good */
export function judgeIdentity(
  host: string,
  certificate: PeerCertificate,
  hosts: readonly string[],
): Error | undefined {
  const problem = checkServerIdentity(host, certificate);
  if (problem === undefined || isIP(host) === 0) return problem;
  const isNamed = hosts.some((name) => isIP(name) === 0 && !checkServerIdentity(name, certificate));
  return isNamed ? undefined : problem;
}
