/** What is said at Ctrl-C: what goes on by itself, and where to look. */

let parting: () => string = () => 'Interrupted.';

/** Sets what is said from now on. */
export function atInterrupt(sentence: () => string): void {
  parting = sentence;
}

export const partingSentence = () => parting();

/** For a batch that was only watched. */
export function goesOnByItself(batchId: string): string {
  return `Only the watching ends here; batch ${batchId} goes on. To see where it stands: onboard status ${batchId} --watch. To stop it: onboard cancel ${batchId}`;
}
