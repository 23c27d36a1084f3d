/** Passes one of many on, and the next only after a while: what repeats itself is said once. */
export function rarely<T>(everyMs: number, write: (subject: T) => void): (subject: T) => void {
  let next = 0;
  return (subject) => {
    if (Date.now() < next) return;
    next = Date.now() + everyMs;
    write(subject);
  };
}
