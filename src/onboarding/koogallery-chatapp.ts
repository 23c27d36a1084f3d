/** How a purchase becomes a customer of Chat App, as the settings of a channel say it. Pure. */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { CUSTOMER_FIELDS } from '../customer/fields.ts';
import { customerInputSchema } from '../customer/rules.ts';
import { PATH_FORMS, parsePath, placeholdersOf } from './koogallery-paths.ts';

type CustomerField = (typeof CUSTOMER_FIELDS)[number];

const path = z.string().refine((text) => parsePath(text) !== undefined, `must be ${PATH_FORMS}`);
const source = z.union([path, z.strictObject({ text: z.string().min(1) })], {
  error: `must be ${PATH_FORMS}; or {"text": "…"}`,
});

/** A text is the same for all buyers, so each of them would be asked what its seller got wrong. */
const sourceOf = (field: CustomerField) =>
  source.superRefine((value, context) => {
    if (typeof value === 'string') return;
    const { error } = customerInputSchema.shape[field].safeParse(value.text);
    for (const { message } of error?.issues.slice(0, 1) ?? []) context.addIssue({ code: 'custom', message });
  });

/** Without it, what stands in braces is part of the name; with half a pair, nobody knows what was meant. */
const hasWholeBraces = (text: string) => !/[{}]/.test(text.replaceAll(/\{[^{}]*\}/g, ''));
const hasFolder = (text: string) => isAbsolute(text) && text.slice(0, `${text}{`.indexOf('{')).length > 1;

const agreement = z
  .string()
  .refine((text) => hasFolder(text) && !text.endsWith('/'), 'must be an absolute path of a file')
  .refine(
    (text) => hasWholeBraces(text) && placeholdersOf(text).every((each) => parsePath(each) !== undefined),
    { error: `has braces in which something else stands than ${PATH_FORMS}` },
  );

const mappingSchema = z.strictObject({
  /** Whose customer the buyer becomes. */
  account: z.string().min(1),
  fields: z.strictObject(
    Object.fromEntries(CUSTOMER_FIELDS.map((field) => [field, sourceOf(field).optional()])) as Record<
      CustomerField,
      z.ZodOptional<typeof source>
    >,
  ),
  /** The file with the signed agreement, on the machine of the worker; what stands in braces is filled in. */
  agreement: agreement.optional(),
});
export type CustomerMapping = z.output<typeof mappingSchema>;

/**
 * What of a union is wrong would be said for the union as a whole. So the value is checked here, where each problem has its
 * place.
 */
export const customerMappingSchema = z
  .custom<CustomerMapping>((value) => typeof value === 'object' && value !== null, { abort: true })
  .superRefine((value, context) => {
    const result = mappingSchema.safeParse(value);
    for (const { path, message } of result.error?.issues ?? [])
      context.addIssue({ code: 'custom', path: [...path], message });
  });

/** Of what a channel is told to need elsewhere in the settings. */
interface Around {
  accounts: readonly { name: string }[];
  /** Where people find the pages. */
  publicAddress: string | undefined;
}

export interface PlacedProblem {
  /** In the settings. */
  path: (string | number)[];
  message: string;
}

/** Of the address of a form. Its link has the id of an instance and a MAC behind it, and buyers are told at most 512. */
const ADDRESS_CHARACTERS_MAX = 275;

/** What is wrong with the mappings of channels beside themselves. */
export function mappingProblems(
  channels: readonly { slug: string; provision: object }[],
  { accounts, publicAddress }: Around,
): PlacedProblem[] {
  const mapped = channels.flatMap(({ slug, provision }, index) =>
    'chatapp' in provision ? [{ slug, index, mapping: provision.chatapp as CustomerMapping }] : [],
  );
  const strange = mapped.flatMap(({ index, mapping }): PlacedProblem[] => {
    if (accounts.some(({ name }) => name === mapping.account)) return [];
    const path = ['koogallery', 'channels', index, 'provision', 'chatapp', 'account'];
    return [{ path, message: 'is not one of the configured accounts' }];
  });
  const [first] = mapped;
  const publicUrl = ['http', 'publicUrl'];
  if (first === undefined) return strange;
  if (publicAddress === undefined)
    return [
      ...strange,
      {
        path: publicUrl,
        message: `is needed: buyers of the channel ${first.slug} are told where its form is`,
      },
    ];
  const isLong = mapped.some(({ slug }) => formUrlOf(publicAddress, slug).length > ADDRESS_CHARACTERS_MAX);
  return isLong ? [...strange, { path: publicUrl, message: 'is too long for the links to forms' }] : strange;
}

/** Where the form of a channel is. */
export function formUrlOf(publicAddress: string, slug: string): string {
  return `${publicAddress}/form/${slug}`;
}
