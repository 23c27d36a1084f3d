/** Preloaded into a process: its clock is off by as many milliseconds as CLOCK_OFF_MS says. */
const off = Number(process.env.CLOCK_OFF_MS);

globalThis.Date = new Proxy(Date, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [target.now() + off] : given, newTarget),
  get: (target, name) => (name === 'now' ? () => target.now() + off : Reflect.get(target, name)),
});
