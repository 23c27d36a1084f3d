/** What this browser remembers of its user. A browser may refuse to remember anything. */

const PREFIX = 'onboard.';

export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Then it is asked again the next time.
  }
}
