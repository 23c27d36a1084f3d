/** Headers by which a browser keeps our pages to themselves: nothing of another host is asked, and nobody frames them. */
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

const SELF = ["'self'"];

/** For everything that does not ask for more. */
const STRICT = {
  'default-src': ["'none'"],
  'script-src': SELF,
  'style-src': SELF,
  'img-src': SELF,
  'font-src': SELF,
  'connect-src': SELF,
  'form-action': SELF,
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** bull-board names its own base, sets styles while it runs, and draws with images in its styles. Scripts are files. */
export const BOARD_POLICY = {
  ...STRICT,
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'base-uri': SELF,
};

/** The page of the API's document draws with images in its styles, and hides the place they come from by a style of its own. */
export const DOCS_POLICY = {
  ...STRICT,
  'style-src': ["'self'", "'unsafe-hashes'", "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='"],
  'img-src': ["'self'", 'data:'],
};

export function policyOf(directives: Record<string, string[]>) {
  return { contentSecurityPolicy: { useDefaults: false, directives } };
}

export async function addSecurityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    ...policyOf(STRICT),
    // `no-referrer` would take the Origin away from our own forms.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    // Whoever has the certificate says that there is no way without it: the proxy, for all of its host.
    strictTransportSecurity: false,
  });
}
