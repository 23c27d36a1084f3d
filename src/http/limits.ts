/** How many connections may be open, or requests under way: in all, and for each user at each address. Pure. */
export interface LimitsOptions {
  all: number;
  each: number;
}

export class Limits {
  readonly #options: LimitsOptions;
  readonly #open = new Map<string, number>();
  #all = 0;

  constructor(options: LimitsOptions) {
    this.#options = options;
  }

  /** @param who the user and the address. @returns what gives the place back, or which limit is in the way */
  take(who: string): (() => void) | 'all' | 'each' {
    const own = this.#open.get(who) ?? 0;
    if (own >= this.#options.each) return 'each';
    if (this.#all >= this.#options.all) return 'all';
    this.#open.set(who, own + 1);
    this.#all += 1;
    return () => this.#giveBack(who);
  }

  #giveBack(who: string): void {
    const own = (this.#open.get(who) ?? 1) - 1;
    if (own === 0) this.#open.delete(who);
    else this.#open.set(who, own);
    this.#all -= 1;
  }
}
