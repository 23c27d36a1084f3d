/** What it takes to register the purchases of a channel with Chat App. */
import type { AgreementStore } from '../../agreement/store.ts';
import type { OpenAccount } from '../../onboarding/open-account.ts';
import type { ChatAppProvision, OpenChannel } from '../channels.ts';

import type { OrderWay } from './resolve-order.ts';

export interface ChatAppWay extends OrderWay {
  channel: OpenChannel & { provision: ChatAppProvision };
  /** Whose customers buyers become. */
  account: OpenAccount;
  /** Where its agreements are kept. @throws AppError STORE_MISMATCH, STORE_UNREACHABLE */
  store(): Promise<AgreementStore>;
  /** Milliseconds since 1970. */
  now(): number;
}
