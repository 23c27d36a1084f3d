/** The environment of this process, for what every command needs at once. It is read whole in `configuration.ts`. */

export function processEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/** Whether the person who runs this process wants to see where an error happened. */
export function wantsDetails(): boolean {
  return ['debug', 'trace'].includes(process.env.LOG_LEVEL ?? '');
}
