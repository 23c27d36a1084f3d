/** The names of the variables that are about KooGallery. */
import { readJsonFile, toList, type Variable } from './variable.ts';

export const KOOGALLERY_VARIABLES: Record<string, Variable> = {
  ONBOARD_KOOGALLERY: {
    setting: 'koogallery.channels',
    description:
      'JSON file with the channels of Huawei Cloud KooGallery: one for each production address in the seller console. See docs/koogallery.md.',
    read: readJsonFile,
  },
  ONBOARD_SEAL_KEY: {
    setting: 'koogallery.sealKeys',
    description:
      'Seals what Redis holds of buyers (phone, e-mail) and of their access (passwords), at least 32 characters (`openssl rand -base64 33`). Several, separated by commas: the first seals, the others still open. Unset means a key made from that of each channel.',
    read: toList,
  },
};
