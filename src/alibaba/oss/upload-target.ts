/** Where one agreement goes, and what it is called there. Pure. */
import type { OssTarget } from './client.ts';

/** Where and with what one agreement may be uploaded. Lives in one job run; never stored, never logged. */
export interface UploadTarget extends OssTarget {
  securityToken: string;
  /** Without slashes at its ends. */
  directory: string;
  /** Region for V4 signatures; absent if the host does not show it. */
  region: string | undefined;
}

/** What `SubmitIsvCustomerTerms` may get as `IsvTerms`. */
export type IsvTermsKind = 'fileName' | 'objectKey' | 'url';

export function objectKeyOf({ directory }: Pick<UploadTarget, 'directory'>, fileName: string): string {
  return `${directory}/${fileName}`;
}

/** The value of `IsvTerms`: the documentation says the file name, other readings are a switch away. */
export function isvTermsValue(
  kind: IsvTermsKind,
  target: Pick<UploadTarget, 'bucket' | 'endpoint' | 'directory'>,
  fileName: string,
): string {
  if (kind === 'fileName') return fileName;
  const key = objectKeyOf(target, fileName);
  return kind === 'objectKey' ? key : `https://${target.bucket}.${new URL(target.endpoint).host}/${key}`;
}
