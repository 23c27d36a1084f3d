/** What to do next, where both peers' codes say the same. */
export const NOTHING_TO_DO = 'Nothing to do; it is tried again automatically.';
export const SET_CLOCK = 'Set the clock of this machine; it is off by more than 15 minutes.';
