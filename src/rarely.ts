/**
 * Passes one of many on, and the next only after a while: what repeats itself is said once.
 * @param now the clock, in milliseconds
 */
export function rarely<T>(
  everyMs: number,
  write: (subject: T) => void,
  now: () => number = Date.now,
): (subject: T) => void {
  let next = Number.NEGATIVE_INFINITY;
  return (subject) => {
    if (now() < next) return;
    next = now() + everyMs;
    write(subject);
  };
}
