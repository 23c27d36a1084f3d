/** What the server says of an order. */

export const FIELDS = [
  'CustSpaceId',
  'CustName',
  'OfficeAddress',
  'ContactMail',
  'CountryId',
  'BusinessDesc',
  'IsvTerms',
] as const;
export type Field = (typeof FIELDS)[number];

export interface FormView {
  state: 'preparing' | 'open' | 'paused' | 'received' | 'registered' | 'failed' | 'ended';
  orderId?: string;
  buyer?: string;
  /** What is to be filled in. */
  asked: Field[];
  /** Why what was typed before was refused. */
  problems: { field?: string; code: string }[];
  /** Where the buyer goes on. */
  next?: string;
}
