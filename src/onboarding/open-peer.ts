/** The way from an account to its peer: credentials, Chat App, and where agreements may be sent. */
import { ChatApp } from '../alibaba/chatapp/client.ts';
import { createCredentialReader, type ReadCredentials } from '../alibaba/credentials.ts';
import { isLoopbackHost } from '../alibaba/loopback.ts';
import type { EndpointRules } from '../alibaba/oss/endpoint.ts';
import type { Account } from './accounts.ts';
import type { Settings } from './settings.ts';

export interface Peer {
  chatApp: ChatApp;
  readCredentials: ReadCredentials;
  endpointRules: EndpointRules;
}

/**
 * @param environment where credentials of the type `env` are found
 * @param onSimulator told which simulator answers, in a rehearsal
 */
export function openPeer(
  account: Account,
  { chatApp, oss, proxy }: Pick<Settings, 'chatApp' | 'oss' | 'proxy'>,
  environment: NodeJS.ProcessEnv,
  onSimulator?: (instance: string) => void,
): Peer {
  const refusesSimulators = account.peer === 'real';
  const { timeoutMs } = chatApp;
  return {
    chatApp: new ChatApp({ account, timeoutMs, proxy, refusesSimulators, onSimulator }),
    readCredentials: createCredentialReader(account.credentials, environment),
    endpointRules: {
      allowedSuffixes: oss.allowedSuffixes,
      allowsLoopback: isLoopbackHost(new URL(account.endpoint).hostname),
    },
  };
}
