/**
 * A page of `ListInstance`, of which only what may be shown beside a review is taken: an instance also names a contact and
 * an address, which are not wanted here. What the peer leaves out or writes otherwise is missing, never an error.
 */
import { z } from 'zod';
import { cut, inLine } from '../../printable.ts';
import { withoutQueries } from '../classify.ts';
import { peerName } from '../peer-text.ts';

/** Longest text of an instance that is kept, in characters. */
const TEXT_LENGTH_MAX = 255;

const text = z
  .string()
  .transform((value) => inLine(cut(value, TEXT_LENGTH_MAX)) || undefined)
  .optional()
  .catch(undefined);

const instanceSchema = z
  .object({
    CustSpaceId: z.string().min(1).max(TEXT_LENGTH_MAX),
    InstanceId: peerName,
    ChannelType: peerName,
    State: text,
    // Some pages describe it as an address: one that is signed would be a key to the agreement.
    IsvTerms: text.transform((value) => value && withoutQueries(value)),
  })
  .transform(({ CustSpaceId, InstanceId, ChannelType, State, IsvTerms }) => ({
    custSpaceId: CustSpaceId,
    instanceId: InstanceId,
    channelType: ChannelType,
    state: State,
    isvTerms: IsvTerms,
  }));
export type ListedInstance = z.output<typeof instanceSchema>;

export interface InstancePage {
  /** Those of customers; others are left out. */
  instances: ListedInstance[];
  /** Entries of this page, whatever they are. */
  listed: number;
  /** Entries of all pages, if the peer says so. */
  total: number | undefined;
}

export function parseInstances({ data, total }: { data: unknown; total?: number | undefined }): InstancePage {
  const entries: unknown[] = Array.isArray(data) ? data : [];
  const instances = entries.flatMap((entry) => {
    const parsed = instanceSchema.safeParse(entry);
    return parsed.success ? [parsed.data] : [];
  });
  return { instances, listed: entries.length, total };
}
