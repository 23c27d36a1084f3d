/** Scripted misbehaviour of the simulated open APIs: which call gets which fault, decided by rules in their order. */
import { z } from 'zod';

export const OPEN_OPERATIONS = ['order', 'usage', 'activate', 'heartbeat', 'file'] as const;
export type OpenOperation = (typeof OPEN_OPERATIONS)[number];

export const openFaultSchema = z.strictObject({
  /** Any by default. */
  operation: z.enum(OPEN_OPERATIONS).optional(),
  /**
   * error: `code` with `status`. html: a page of a proxy with `status`. dropBefore, dropAfter: the connection ends before
   * or after the call was carried out. hang: never answered, and carried out. endless: an answer that does not end.
   */
  kind: z.enum(['error', 'html', 'dropBefore', 'dropAfter', 'hang', 'endless']),
  code: z.string().default('MKT.0999'),
  status: z.number().int().min(200).max(599).default(500),
  /** Applies to this share of the calls. */
  share: z.number().min(0).max(1).default(1),
  /** Applies at most this often. */
  times: z.number().int().positive().optional(),
});
export type OpenFault = z.output<typeof openFaultSchema>;
export type OpenFaultInput = z.input<typeof openFaultSchema>;

export class OpenFaults {
  readonly #random: () => number;
  #rules: { fault: OpenFault; left: number }[] = [];

  /** @param random from 0 to 1 */
  constructor(faults: readonly OpenFaultInput[] = [], random: () => number = Math.random) {
    this.#random = random;
    this.replace(faults);
  }

  replace(faults: readonly OpenFaultInput[]): void {
    this.#rules = faults.map((input) => {
      const fault = openFaultSchema.parse(input);
      return { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    });
  }

  /** The fault of this call, if it has one. */
  next(operation: OpenOperation): OpenFault | undefined {
    const found = this.#rules.find(
      ({ fault, left }) =>
        left > 0 && (fault.operation ?? operation) === operation && this.#random() < fault.share,
    );
    if (found !== undefined) found.left -= 1;
    return found?.fault;
  }
}
