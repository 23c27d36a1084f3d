/** What the routes of forms are given, and what they know of a request. */
import type { BuyerForm } from '../../koogallery/form/buyer-form.ts';
import type { Logger } from '../../logger.ts';

export interface FormRoutes {
  forms: readonly BuyerForm[];
  /** Below which everything is served: `/isv`, or empty. */
  basePath: string;
  publicUrl?: string | undefined;
  /** Where uploads are while they come. */
  uploadsFolder: string;
  logger: Logger;
  /** Where the page was built; by default in this package. */
  pageFolder?: string | undefined;
}

/** For whom a link is. */
export interface Asked {
  form: BuyerForm;
  instanceId: string;
}
