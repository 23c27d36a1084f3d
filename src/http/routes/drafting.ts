/** What the routes of drafts share. */
import { z } from 'zod';
import { Drafts } from '../../draft/drafts.ts';
import type { Api, ApiOptions } from '../api-instance.ts';

const SWEEP_EVERY_MS = 3_600_000;

export interface Drafting extends ApiOptions {
  drafts: Drafts;
}

export const draftParams = z.object({ id: z.string().min(1).max(64).describe('Id of the draft.') });

/** Opens the folder of drafts; what is older than a day goes now, and every hour. */
export function startDrafts(api: Api, { onboarding, logger }: ApiOptions): Drafts {
  const drafts = new Drafts(onboarding.settings.http.draftsFolder);
  const sweep = () =>
    drafts.sweep().catch((error: Error) => {
      logger.warn({ event: 'drafts_not_swept', error: error.message }, 'old drafts could not be removed');
    });
  let timer: NodeJS.Timeout | undefined;
  api.addHook('onReady', async () => {
    await sweep();
    timer = setInterval(sweep, SWEEP_EVERY_MS);
    timer.unref();
  });
  api.addHook('onClose', async () => clearInterval(timer));
  return drafts;
}
