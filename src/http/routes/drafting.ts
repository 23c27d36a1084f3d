/** What the routes of drafts share. */
import { z } from 'zod';
import { DraftChecks } from '../../draft/draft-checks.ts';
import { Drafts } from '../../draft/drafts.ts';
import type { Api, ApiOptions } from '../api-instance.ts';
import { Limits } from '../limits.ts';

const SWEEP_EVERY_MS = 3_600_000;
const CHECKING_MAX = { all: 24, each: 6 };
/** Each is checked as slowly as it is read. */
const TABLES_MAX = { all: 8, each: 2 };

export interface Drafting extends ApiOptions {
  drafts: Drafts;
  checks: DraftChecks;
  /** Of checks that are under way or wait for their turn. */
  checking: Limits;
  /** Of tables of problems that are being read. */
  tables: Limits;
}

export const draftParams = z.object({ id: z.string().min(1).max(64).describe('Id of the draft.') });

export function openDrafting(api: Api, options: ApiOptions): Drafting {
  const limits = { checking: new Limits(CHECKING_MAX), tables: new Limits(TABLES_MAX) };
  return { ...options, ...limits, checks: new DraftChecks(), drafts: startDrafts(api, options) };
}

/** Opens the folder of drafts; what is older than a day goes now, and every hour. */
function startDrafts(api: Api, { onboarding, logger }: ApiOptions): Drafts {
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
