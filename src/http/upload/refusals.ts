/** Why an upload is refused before anything is made of it. */

/** An error with a status, which `sendFailure` tells as a problem. */
export class UploadRefused extends Error {
  readonly statusCode: number;

  constructor(statusCode: 408 | 413 | 415, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

export const tooLarge = (what: string) => new UploadRefused(413, `${what} is too large`);
export const tooSlow = () => new UploadRefused(408, 'the upload did not arrive in time');
