/** Where the open APIs are, and where else. Pure. */

/**
 * Only the China site has a second host of its own: pages of the others repeat the sentence that names China's, which does
 * not know their orders and would refuse them for good.
 */
const SECOND: Readonly<Record<string, string>> = {
  'https://mkt.myhuaweicloud.com': 'https://mkt.myhuaweicloud.cn',
};

/** @param origin scheme and host. @returns it, and where to go while it is away */
export function originsFrom(origin: string): readonly [string, ...string[]] {
  const second = SECOND[origin];
  return second === undefined ? [origin] : [origin, second];
}
