/** The fields of `SubmitIsvCustomerTerms`, named as the API names them. */

/** What is sent as text; the agreement, the seventh field, is sent as a file first. */
export const CUSTOMER_FIELDS = [
  'CustSpaceId',
  'CustName',
  'OfficeAddress',
  'ContactMail',
  'CountryId',
  'BusinessDesc',
] as const;

/** The columns of an input, where `IsvTerms` is the agreement's file name. */
export const INPUT_FIELDS = [...CUSTOMER_FIELDS, 'IsvTerms'] as const;

export type InputField = (typeof INPUT_FIELDS)[number];
export type Customer = Record<(typeof CUSTOMER_FIELDS)[number], string>;

/** One row of input: a customer, and the name of its agreement's file. */
export type CustomerInput = Record<InputField, string>;
