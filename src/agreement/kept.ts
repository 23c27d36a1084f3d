/** An agreement in its store, as a sweep sees it. */
export interface KeptAgreement {
  sha256: string;
  /** When an import last kept it, in milliseconds since 1970 on the clock of the store. */
  at: number;
}

const NAME = /(?:^|\/)[0-9a-f]{2}\/([0-9a-f]{64})\.pdf$/;

/** @param path of a file in a store, with slashes. @returns undefined if it is not that of an agreement */
export function sha256InPath(path: string): string | undefined {
  return NAME.exec(path)?.[1];
}
