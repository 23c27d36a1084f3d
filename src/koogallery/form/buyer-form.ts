/**
 * The forms of one channel. A buyer who has the link of an instance tells there what the purchase does not say, once: the
 * agreement is in its store, and what was typed in Redis, before anybody is told that it was received.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { AgreementStore } from '../../agreement/store.ts';
import { CUSTOMER_FIELDS } from '../../customer/fields.ts';
import { AppError } from '../../errors.ts';
import type { Durable } from '../../redis/durable.ts';
import type { OpenChannel } from '../channels.ts';
import { channelKeys } from '../keys.ts';
import type { Instance } from '../registry/instance-record.ts';
import { readInstance, readTasks } from '../registry/read-instance.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import { sealOf } from '../seal.ts';
import {
  type CheckedForm,
  checkForm,
  type FormCheck,
  type FormProblem,
  isSameForm,
  type TypedForm,
} from './check-form.ts';
import { openForm, sealForm } from './form-record.ts';
import { type FormView, viewForm } from './form-view.ts';
import { readFormToken } from './link.ts';
import { submitForm } from './submit-form.ts';

/** An attempt of a worker is over within this; that of one that has died is given up within it. In milliseconds. */
const BUSY_MS_MAX = 20_000;
const BUSY_AGAIN_MS = 100;
/** Agreements that are looked at and stored: each is in memory, and its disk is waited for. */
const STORED_AT_ONCE = 4;

export interface BuyerFormOptions {
  channel: OpenChannel;
  redis: ChannelAccess['redis'];
  durable: Durable;
  /** Whether a Redis that may forget is good enough. */
  durability: 'durable' | 'relaxed';
  /** Where the agreements of the channel's account are kept. @throws AppError if that cannot be said now */
  store(): Promise<AgreementStore>;
  /** Told that the create is due. */
  nudge(channel: OpenChannel, instanceId: string, version: number): void;
  /** That differs from the default, in milliseconds. */
  busyMsMax?: number;
}

export type FormAnswer = { ok: true; view: FormView } | { ok: false; problems: FormProblem[] };

export class BuyerForm {
  readonly channel: OpenChannel;
  readonly #options: BuyerFormOptions;
  readonly #access: ChannelAccess;
  readonly #oneOfFew = pLimit(STORED_AT_ONCE);

  constructor(options: BuyerFormOptions) {
    this.channel = options.channel;
    this.#options = options;
    this.#access = { redis: options.redis, slug: options.channel.slug };
  }

  /** @returns the instance that the token of a link is for; undefined if it is none of ours. Asks nobody */
  instanceOf(token: string): string | undefined {
    return readFormToken(this.channel, token);
  }

  /** @throws AppError FORM_UNKNOWN if there is no such instance */
  async view(id: string): Promise<FormView> {
    return (await this.#look(id)).view;
  }

  /**
   * Takes what was typed, if the instance waits for it. What was taken already is answered like the first time.
   * @throws AppError FORM_CLOSED if it waits for nothing; FORM_UNKNOWN; SERVER_BUSY; NOT_DURABLE_YET; STORE_…, REDIS_…
   */
  async submit(id: string, typed: TypedForm): Promise<FormAnswer> {
    const { durable, durability, nudge } = this.#options;
    const { instance, view } = await this.#look(id);
    if (view.state !== 'open') return this.#repeat(id, typed);
    const check = await this.#oneOfFew(async () => this.#keep(checkForm(view.asked, typed)));
    if (!check.ok) return check;
    const writes = await durable.begin(channelKeys(this.channel.slug).durable, durability);
    const { verdict, version } = await this.#write(instance, check.form);
    if (verdict === 'closed') return this.#repeat(id, typed);
    await writes.confirm();
    nudge(this.channel, id, version);
    return { ok: true, view: await this.view(id) };
  }

  /** The agreement has to be where workers find it before anybody can know of it. */
  async #keep(check: FormCheck): Promise<FormCheck> {
    const agreement = check.ok ? check.form.agreement : undefined;
    if (agreement !== undefined) await (await this.#options.store()).put(agreement.sha256, agreement.content);
    return check;
  }

  /** Waits while a worker looks at the instance: it would not see what is written meanwhile. */
  async #write({ id, form, formAt }: Instance, typed: CheckedForm) {
    const { busyMsMax = BUSY_MS_MAX } = this.#options;
    const seal = sealOf(this.channel);
    const before = openForm(seal, form);
    const { name, sha256 } = typed.agreement ?? {};
    const agreement = name !== undefined && sha256 !== undefined ? { name, sha256 } : before?.agreement;
    const all = sealForm(seal, { fields: { ...before?.fields, ...typed.fields }, agreement });
    const until = performance.now() + busyMsMax;
    for (;;) {
      const submitted = await submitForm(this.#access, { id, before: formAt, form: all });
      if (submitted.verdict !== 'busy') return submitted;
      if (performance.now() > until)
        throw new AppError('SERVER_BUSY', 'This order is being looked at just now.');
      await sleep(BUSY_AGAIN_MS);
    }
  }

  /** The answer to a submission was perhaps lost, or two of the same came at once. */
  async #repeat(id: string, typed: TypedForm): Promise<FormAnswer> {
    const { durable, durability } = this.#options;
    const writes = await durable.begin(channelKeys(this.channel.slug).durable, durability);
    const { instance, view } = await this.#look(id);
    const before = openForm(sealOf(this.channel), instance.form);
    const names = CUSTOMER_FIELDS.filter((field) => typed.fields[field] !== undefined);
    const check = checkForm(typed.agreement === undefined ? names : [...names, 'IsvTerms'], typed);
    if (view.state === 'open' || before === undefined || !check.ok || !isSameForm(check.form, before))
      throw new AppError('FORM_CLOSED', 'This form is closed: it was submitted, or is not needed any more.');
    await writes.confirm();
    return { ok: true, view };
  }

  async #look(id: string): Promise<{ instance: Instance; view: FormView }> {
    const [instance, tasks] = await Promise.all([
      readInstance(this.#access, id),
      readTasks(this.#access, id),
    ]);
    if (instance === undefined) throw new AppError('FORM_UNKNOWN', 'There is no such order any more.');
    const create = tasks.find(({ type }) => type === 'instance.create');
    return { instance, view: viewForm(this.channel, instance, create) };
  }
}
