/** The names of the variables that are about the pages and the HTTP API. */
import { toFlag, toList, toNumber, type Variable } from './variable.ts';

export const HTTP_VARIABLES: Record<string, Variable> = {
  HTTP_HOST: {
    setting: 'http.host',
    description: 'Address that `onboard serve` listens on; another than loopback needs users or keys.',
  },
  HTTP_PORT: { setting: 'http.port', description: 'Its port; 0 means any free one.', read: toNumber },
  ONBOARD_USERS: {
    setting: 'http.usersFile',
    description: 'File with the users of the pages; `onboard user add NAME --role viewer|operator` makes it.',
  },
  ONBOARD_SESSION_KEY: {
    setting: 'http.sessionKey',
    description:
      'Signs sessions, at least 32 characters (`openssl rand -base64 33`); unset means a new key, and so a new login, at each start.',
  },
  ONBOARD_PUBLIC_URL: {
    setting: 'http.publicUrl',
    description:
      'Where people find the pages, such as https://onboard.example.com/isv: for links, and because a browser may call them only by a name that is known.',
  },
  ONBOARD_BASE_PATH: {
    setting: 'http.basePath',
    description: 'Path below which everything is served, such as /isv; a proxy must leave it in place.',
  },
  ONBOARD_TRUSTED_PROXIES: {
    setting: 'http.trustedProxies',
    description:
      'Addresses or networks of the proxies in front, separated by commas, whose X-Forwarded-For, -Proto and -Host are believed: 127.0.0.1, 10.0.0.0/8.',
    read: toList,
  },
  ONBOARD_DRAFTS: {
    setting: 'http.draftsFolder',
    description:
      'Folder of what is uploaded over HTTP: for as long as a request takes, and drafts for a day. Nobody else should be able to read it.',
  },
  ONBOARD_UPLOAD_MB: {
    setting: 'http.uploadMegabytes',
    description: 'Most that one upload may have, and that zips in it may hold, in MB each.',
    read: toNumber,
  },
  ONBOARD_BOARD_WRITE: {
    setting: 'http.allowsBoardWrites',
    description: 'Lets operators pause and resume accounts in bull-board, by any of their queues.',
    read: toFlag,
  },
};
