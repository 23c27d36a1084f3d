/** Where agreements are kept if nothing is said: beside the configuration, or else in the working directory. */
export const DEFAULT_STORE = './var/agreements';
