/** Sends files, and tells how much of them has left; `fetch` cannot tell. */
import { base, newKey, Problem } from './client.ts';

/** @param onProgress told the share that has left, from 0 to 1. @throws Problem */
export function upload<Answer>(
  path: string,
  form: FormData,
  onProgress: (share: number) => void = () => {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${base}${path}`);
    request.setRequestHeader('idempotency-key', newKey());
    request.responseType = 'json';
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener('error', () => reject(new Problem(0, {})));
    request.addEventListener('load', () => {
      const { status, response } = request;
      if (status === 401) location.reload();
      if (status >= 200 && status < 300) resolve(response as Answer);
      else reject(new Problem(status, response ?? {}));
    });
    request.send(form);
  });
}
