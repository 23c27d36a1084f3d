/** The agreement of one customer, from a caller and not from a folder. */
import { AppError } from '../errors.ts';
import { quoted } from '../printable.ts';
import { checkContent } from './content.ts';
import type { AgreementFolder } from './folder.ts';

export interface GivenAgreement {
  /** As the customer's row names it. */
  name: string;
  content: Buffer;
}

/** A folder that holds this file and no other. */
export function folderOfOne({ name, content }: GivenAgreement): AgreementFolder {
  return {
    async check(wanted) {
      if (wanted === name) return checkContent(content, name);
      throw new AppError('AGREEMENT_MISSING', `the file ${quoted(wanted)} was not given`);
    },
    keep: (_name, sha256, store) => store.put(sha256, content),
  };
}
