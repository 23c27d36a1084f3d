/** A call as it came, and the answer as it leaves: the receiver knows nothing of how either travels. Types only. */

export interface Received {
  method: string;
  /** Below the address of the channel: empty, or `/produceAPI/v2/tenantSync`. */
  path: string;
  /** What stands behind the `?`, as it came. */
  query: string;
  /** Empty for a GET. */
  body: Buffer;
  /** @param name in lower case */
  header(name: string): string | undefined;
}

export interface Reply {
  /** To be sent as it is: the signature is over these bytes. */
  body: Buffer;
  /** Names in the case in which the marketplace wants them. */
  headers: { 'Body-Sign': string; 'Content-Type': string };
  /** For the log and the metrics. */
  code: string;
}
