import { z } from 'zod';
import { type ChannelAccess, defineChannelScript, runChannelScript } from '../registry/scripts.ts';

const resultSchema = z.object({
  verdict: z.enum(['taken', 'closed', 'busy']),
  version: z.number(),
});

/** `closed`: the instance waits for nothing, or another form came first. `busy`: to be tried again in a moment. */
export type Submitted = z.output<typeof resultSchema>;

export const submitFormScript = defineChannelScript(new URL('./submit-form.lua', import.meta.url), {
  needs: 'tasks',
  decode: resultSchema.parse,
});

export interface FormSubmission {
  id: string;
  /** When the form before this one was submitted, in milliseconds since 1970. */
  before: number | undefined;
  /** Sealed. */
  form: string;
}

export function submitForm(channel: ChannelAccess, { id, before, form }: FormSubmission): Promise<Submitted> {
  return runChannelScript(submitFormScript, channel, [id, before ?? '', form]);
}
