/**
 * The usage that a simulated marketplace bills. As the real one, it answers that it has received a report before it has
 * looked at what is in it: what it finds then is only in a later answer, and on the seller's console.
 */
import { z } from 'zod';

const RECORDS_MAX = 1_000;
const AGE_MS_MAX = 21 * 86_400_000;
/** Ten-thousandths. */
const FACTOR = 10_000n;

const id = z.string().min(1).max(64);
const time = z.string().regex(/^\d{8}T\d{6}Z$/);
const shared = {
  instance_id: id,
  record_time: time,
  begin_time: time,
  end_time: time,
  usage_value: z
    .string()
    .max(20)
    .regex(/^\d+(\.\d{1,4})?$/),
  relate_pkg_instance: id.optional(),
};
const newSchema = z.strictObject({ ...shared, metering_sn: id });
const oldSchema = z.strictObject({ ...shared, product_id: id });
const bodyOf = <Schema extends z.ZodType>(record: Schema) =>
  z.strictObject({ usage_records: z.array(record).min(1) });
const BODIES = { new: bodyOf(newSchema), old: bodyOf(oldSchema) };

/** How the marketplace stands to an instance; one that is not named here is in order. */
export interface SimulatedInstance {
  /** Every call with it is refused as a whole: `MKT.9001`, `MKT.0150`, … */
  call?: string;
  /** Its records are named in the answer: `001` to `013`. */
  record?: string;
  /** Its records are received, and found abnormal later. */
  late?: string;
}

interface Billed {
  name: string;
  instance: string;
  span: string;
  units: bigint;
}

export interface OpenAnswer {
  status: number;
  body: object;
}

const refuse = (status: number, code: string, message: string): OpenAnswer => ({
  status,
  body: { error_code: code, error_msg: message },
});
const STATUS_OF: Readonly<Record<string, number>> = { 'MKT.0150': 401, 'MKT.0101': 400, 'MKT.0199': 400 };

export class UsageBook {
  readonly instances = new Map<string, SimulatedInstance>();
  /** What is billed, by `metering_sn`, or by its span where there is none. */
  readonly #billed = new Map<string, Billed>();
  readonly #spans = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #unlooked: { billed: Billed; code: string }[] = [];
  #toTell: { metering_sn: string; instance_id: string; error_code: string }[] = [];
  /** How often records came that were billed already. */
  repetitions = 0;

  /** @param text the body as it came. @param now milliseconds since 1970 */
  take(text: string, form: 'new' | 'old', now: number): OpenAnswer {
    const parsed = BODIES[form].safeParse(parseJson(text));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return refuse(400, 'MKT.0101', `${issue?.path.join('.')}: ${issue?.message}`);
    }
    const records = parsed.data.usage_records;
    if (records.length > RECORDS_MAX) return refuse(500, 'MKT.9003', 'The records exceed the limit 1000.');
    for (const record of records) {
      const code = this.instances.get(record.instance_id)?.call;
      if (code !== undefined) return refuse(STATUS_OF[code] ?? 500, code, 'Refused as a whole.');
      if (now - millisecondsOf(record.begin_time) > AGE_MS_MAX)
        return refuse(500, 'MKT.9004', 'The begin_time is not within the last 21 days.');
    }
    const results = records.flatMap((record) => {
      const name = 'metering_sn' in record ? record.metering_sn : spanOf(record);
      const code = this.#bill(record, name, now);
      return code === undefined ? [] : [{ ...record, metering_sn: name, code }];
    });
    const told = this.#toTell;
    this.#toTell = [];
    return {
      status: 200,
      body: {
        error_code: 'MKT.0000',
        error_msg: 'success',
        ...(results.length > 0 && { usage_data_results: results }),
        ...(told.length > 0 && { abnormal_usage_data: told }),
      },
    };
  }

  /** The work in the background: what is wrong with received records is found, and told in the next answer. */
  lookAtReceived(): void {
    for (const { billed, code } of this.#unlooked.splice(0)) {
      this.#unbill(billed);
      this.#toTell.push({ metering_sn: billed.name, instance_id: billed.instance, error_code: code });
    }
  }

  /** By instance, decimal with four places. */
  sums(): Map<string, string> {
    const sums = new Map<string, bigint>();
    for (const { instance, units } of this.#billed.values())
      sums.set(instance, (sums.get(instance) ?? 0n) + units);
    return new Map([...sums].map(([name, units]) => [name, decimalOf(units)]));
  }

  get size(): number {
    return this.#billed.size;
  }

  #bill(
    record: z.output<typeof newSchema | typeof oldSchema>,
    name: string,
    now: number,
  ): string | undefined {
    const { instance_id: instance, begin_time, end_time, record_time, usage_value } = record;
    const rule = this.instances.get(instance) ?? {};
    const span = spanOf(record);
    if (this.#seen.has(name) || this.#spans.has(span)) this.repetitions += 1;
    if (this.#seen.has(name)) return '005';
    if (rule.record !== undefined) return rule.record;
    if (this.#spans.has(span)) return '010';
    const units = unitsOf(usage_value);
    if (units === 0n) return '003';
    const [begin, end, recorded] = [begin_time, end_time, record_time].map(millisecondsOf) as [
      number,
      number,
      number,
    ];
    if (begin > end || end > now || recorded > now) return '011';
    const billed = { name, instance, span, units };
    this.#seen.add(name);
    this.#spans.add(span);
    this.#billed.set(name, billed);
    if (rule.late !== undefined) this.#unlooked.push({ billed, code: rule.late });
    return undefined;
  }

  #unbill({ name, span }: Billed): void {
    this.#billed.delete(name);
    this.#spans.delete(span);
  }
}

function spanOf(record: { instance_id: string; begin_time: string; end_time: string }): string {
  return [record.instance_id, record.begin_time, record.end_time].join(' ');
}

function millisecondsOf(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function unitsOf(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(4, '0'));
}

const decimalOf = (units: bigint) => `${units / FACTOR}.${String(units % FACTOR).padStart(4, '0')}`;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
