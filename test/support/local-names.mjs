/** Preloaded into a process: every name below `example.com` and `example` is this machine, for whoever looks it up. */
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

/**
 * @template {Function} T
 * @param {T} lookup whose first parameter is a name
 * @returns {T}
 */
const local = (lookup) =>
  new Proxy(lookup, {
    apply: (target, self, [name, ...more]) =>
      Reflect.apply(target, self, [/\.example(\.com)?$/.test(name) ? '127.0.0.1' : name, ...more]),
  });

dns.lookup = local(dns.lookup);
dns.promises.lookup = local(dns.promises.lookup);
syncBuiltinESMExports();
