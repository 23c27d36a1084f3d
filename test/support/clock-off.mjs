/**
 * Preloaded into a process: its clock is off by as many milliseconds as CLOCK_OFF_MS says, or the file that CLOCK_OFF_FILE
 * names, which is looked at ten times a second.
 */
import { readFileSync } from 'node:fs';

const { CLOCK_OFF_MS, CLOCK_OFF_FILE } = process.env;
const read = () => Number(CLOCK_OFF_FILE === undefined ? CLOCK_OFF_MS : readFileSync(CLOCK_OFF_FILE, 'utf8'));
let off = read();
const look = () => {
  off = read();
};
if (CLOCK_OFF_FILE !== undefined) setInterval(look, 100).unref();

globalThis.Date = new Proxy(Date, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [target.now() + off] : given, newTarget),
  get: (target, name) => (name === 'now' ? () => target.now() + off : Reflect.get(target, name)),
});
