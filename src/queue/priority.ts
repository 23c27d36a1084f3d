/**
 * Every job has a priority, so that a retry can pass the backlog and a cancelled batch can be taken out of the queue
 * at O(log n) a job. Lower goes first.
 */
export const PRIORITY = { retry: 1, first: 2, normal: 100 } as const;
