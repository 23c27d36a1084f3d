/** What is found out once for everybody who asks within some seconds. A failure is not kept. */
export class Recent<Value> {
  readonly #keptMs: number;
  readonly #found = new Map<string, { value: Promise<Value>; until: number }>();

  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  get(key: string, find: () => Promise<Value>): Promise<Value> {
    const known = this.#found.get(key);
    if (known && performance.now() < known.until) return known.value;
    const value = find();
    this.#found.set(key, { value, until: performance.now() + this.#keptMs });
    value.catch(() => {
      if (this.#found.get(key)?.value === value) this.#found.delete(key);
    });
    return value;
  }
}
