/** The value of `AGREEMENT_STORE` if it names a bucket. Pure. */

export interface BucketPlace {
  bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  prefix: string;
}

const PLACE =
  /^oss:\/\/(?<bucket>[a-z0-9][a-z0-9-]{1,61}[a-z0-9])(?:\/(?<prefix>[\w.-]+(?:\/[\w.-]+)*)?\/?)?$/;

/** Reads `oss://bucket/prefix`. @returns undefined if the text is not of that form */
export function parseBucketPlace(text: string): BucketPlace | undefined {
  const { bucket, prefix = '' } = PLACE.exec(text)?.groups ?? {};
  return bucket === undefined ? undefined : { bucket, prefix };
}
