/** Points of time as people read them: in the time zone of this machine, which is shown, and how far away. Pure. */

const MS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** `2026-01-31 22:00:00 +08:00 (Asia/Shanghai), in 3 h 12 min`; nothing is said of how long a time is past. */
export function describeWhen(at: number, now: number = Date.now()): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  const wait = at > now ? `, in ${describeWait(at - now)}` : '';
  return `${day} ${clock} ${offsetOf(at)} (${zoneName()})${wait}`;
}

/** `45 s`, `12 min`, `3 h 12 min`, `4 d 7 h`: two units at most. */
export function describeWait(ms: number): string {
  if (ms < MS.minute) return `${Math.ceil(ms / MS.second)} s`;
  const minutes = Math.round(ms / MS.minute);
  if (minutes < 60) return `${minutes} min`;
  if (ms < MS.day) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(ms / MS.hour);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `+08:00`, as it is on this machine at a time. */
export function offsetOf(at: number): string {
  const minutes = -new Date(at).getTimezoneOffset();
  const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** The time zone of this machine, such as `Europe/Berlin`. */
export function zoneName(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
