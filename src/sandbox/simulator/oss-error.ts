/** A refusal as OSS gives it: by status, code, and the finer "EC". */
export class OssError extends Error {
  readonly status: number;
  readonly code: string;
  readonly ec: string;

  constructor(status: number, code: string, ec: string) {
    super(code);
    this.status = status;
    this.code = code;
    this.ec = ec;
  }
}
