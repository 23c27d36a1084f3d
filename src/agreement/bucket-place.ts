/** What `AGREEMENT_STORE` says where it names a bucket. Pure. */

export interface BucketPlace {
  bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  prefix: string;
}

const PLACE =
  /^oss:\/\/(?<bucket>[a-z0-9][a-z0-9-]{1,61}[a-z0-9])(?:\/(?<prefix>[\w.-]+(?:\/[\w.-]+)*)?\/?)?$/;

/** Reads `oss://bucket/prefix`. @returns undefined where the text is not that */
export function parseBucketPlace(text: string): BucketPlace | undefined {
  const { bucket, prefix = '' } = PLACE.exec(text)?.groups ?? {};
  return bucket === undefined ? undefined : { bucket, prefix };
}
