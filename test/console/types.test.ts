/** What the console believes the API answers is what the API says that it answers; the compiler compares them. */
import { expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { Draft } from '../../src/console/api/draft-types.ts';
import type {
  Call,
  Channel,
  Instance,
  InstanceStory,
  Licenses,
  Usage,
  UsageSummary,
} from '../../src/console/api/koogallery-types.ts';
import type {
  Account,
  AwaitedReview,
  BatchDetail,
  CustomerStory,
  Finding,
  Hold,
  LogEntry,
  Page,
  Row,
  RowStory,
  Session,
  WatchedBatch,
} from '../../src/console/api/types.ts';
import type { Field, FormView } from '../../src/console/form/types.ts';
import type { InputField } from '../../src/customer/fields.ts';
import type { accountSchema } from '../../src/http/json/account.ts';
import type { batchDetailsSchema, watchedSchema } from '../../src/http/json/batch.ts';
import type { callPageSchema } from '../../src/http/json/call.ts';
import type { channelsSchema, licensesSchema } from '../../src/http/json/channel.ts';
import type { customerSchema } from '../../src/http/json/customer.ts';
import type { draftSchema } from '../../src/http/json/draft.ts';
import type { holdSchema } from '../../src/http/json/holds.ts';
import type { instancePageSchema, instanceStorySchema } from '../../src/http/json/instance.ts';
import type { reviewPageSchema } from '../../src/http/json/review.ts';
import type { logEntrySchema, rowPageSchema, rowStorySchema } from '../../src/http/json/row.ts';
import type { usagePageSchema } from '../../src/http/json/usage.ts';
import type { doctorSchema } from '../../src/http/routes/doctor.ts';
import type { sessionSchema } from '../../src/http/routes/session.ts';
import type { FormView as ServedForm } from '../../src/koogallery/form/form-view.ts';

/** As JSON has it: a key without a value is not there. */
type Json<Value> = Value extends object
  ? { [Key in keyof Value]: Json<Exclude<Value[Key], undefined>> }
  : Value;
type Answer<Schema extends z.ZodType> = Json<z.output<Schema>>;

it('knows accounts, batches and what holds them', () => {
  expectTypeOf<Answer<typeof accountSchema>>().toExtend<Account>();
  expectTypeOf<Answer<typeof watchedSchema>>().toExtend<WatchedBatch>();
  expectTypeOf<Answer<typeof batchDetailsSchema>>().toExtend<BatchDetail>();
  expectTypeOf<Answer<typeof holdSchema>>().toExtend<Hold>();
});

it('knows rows, customers and reviews', () => {
  expectTypeOf<Answer<typeof rowPageSchema>>().toExtend<Page<'rows', Row>>();
  expectTypeOf<Answer<typeof rowStorySchema>>().toExtend<RowStory>();
  expectTypeOf<Answer<typeof logEntrySchema>>().toExtend<LogEntry>();
  expectTypeOf<Answer<typeof customerSchema>>().toExtend<CustomerStory>();
  expectTypeOf<Answer<typeof reviewPageSchema>>().toExtend<Page<'reviews', AwaitedReview>>();
});

it('knows who asks, and what an examination has found', () => {
  expectTypeOf<Answer<typeof sessionSchema>>().toExtend<Session>();
  expectTypeOf<Answer<typeof doctorSchema>['findings'][number]>().toExtend<Finding>();
});

it('knows channels, what they have sold, and what is reported to the marketplace', () => {
  expectTypeOf<Answer<typeof channelsSchema>>().toExtend<{ channels: Channel[] }>();
  expectTypeOf<Answer<typeof licensesSchema>>().toExtend<Licenses>();
  expectTypeOf<Answer<typeof instancePageSchema>>().toExtend<Page<'instances', Instance>>();
  expectTypeOf<Answer<typeof instanceStorySchema>>().toExtend<InstanceStory>();
  expectTypeOf<Answer<typeof callPageSchema>>().toExtend<Page<'calls', Call>>();
  expectTypeOf<Answer<typeof usagePageSchema>>().toExtend<
    Page<'records', Usage> & { summary: UsageSummary }
  >();
});

it('knows the form of a purchase', () => {
  expectTypeOf<Json<ServedForm>>().toExtend<FormView>();
  expectTypeOf<Field>().toEqualTypeOf<InputField>();
});

it('knows drafts', () => {
  expectTypeOf<Omit<Answer<typeof draftSchema>, 'options'>>().toExtend<Omit<Draft, 'options'>>();
});
