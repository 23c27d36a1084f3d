import { defaultRepeatStrategy } from 'bullmq';

/** Whether BullMQ can compute when a job with this pattern runs next. */
export async function isCronPattern(pattern: string): Promise<boolean> {
  try {
    return (await defaultRepeatStrategy(Date.now(), { pattern, tz: 'UTC' })) !== undefined;
  } catch {
    return false;
  }
}
