/** Who looks at the page, and what they may do. */
import { signal } from '@preact/signals';
import type { Session } from './api/types.ts';

/** Undefined until the server has said who it is. */
export const session = signal<Session | undefined>(undefined);

/** Whether they may change anything; nobody is shown a button that would be refused. */
export const mayAct = (): boolean => session.value?.user.role === 'operator';

/** Whether there is something of KooGallery that they may see. */
export const hasChannels = (): boolean => (session.value?.channels.length ?? 0) > 0;

/** Whether they see every account. */
export const isForAll = (): boolean => session.value?.user.account === undefined;
