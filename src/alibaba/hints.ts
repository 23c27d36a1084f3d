/** What to do next, for codes that mean the same at both peers. */
export const NOTHING_TO_DO = 'Nothing to do; it is retried automatically.';
export const SET_CLOCK = 'Set the clock of this machine; it is off by more than 15 minutes.';
