/** The two requests of the form: how the order stands, and what was typed. */
import { base, Problem } from '../api/client.ts';
import type { FormView } from './types.ts';

/** What a link names: the channel in its path, and the token behind `#`, which is sent to nobody but us. */
export interface FormLink {
  slug: string;
  token: string;
}

export function readLink({ pathname, hash }: Pick<Location, 'pathname' | 'hash'>): FormLink {
  return { slug: pathname.replace(/\/+$/, '').split('/').at(-1) ?? '', token: hash.slice(1) };
}

const addressOf = ({ slug }: FormLink, what: string) => `${base}/${slug}/${what}`;

/** @throws Problem */
export async function loadView(link: FormLink, signal: AbortSignal): Promise<FormView> {
  const headers = { 'form-token': link.token };
  const response = await fetch(addressOf(link, 'state'), { headers, signal, cache: 'no-store' }).catch(
    (error: unknown) => {
      if (signal.aborted) throw error;
      throw new Problem(0, {});
    },
  );
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(response.status, answer);
  return answer;
}

export interface Typed {
  fields: Readonly<Record<string, string>>;
  agreement: File | undefined;
}

/** @param onProgress told the share that has left, from 0 to 1. @throws Problem */
export function submit(
  link: FormLink,
  { fields, agreement }: Typed,
  onProgress: (share: number) => void,
): Promise<FormView> {
  const form = new FormData();
  form.append('fields', JSON.stringify(fields));
  if (agreement !== undefined) form.append('agreement', agreement);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', addressOf(link, 'submission'));
    request.setRequestHeader('form-token', link.token);
    request.responseType = 'json';
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener('error', () => reject(new Problem(0, {})));
    request.addEventListener('load', () => {
      const { status, response } = request;
      if (status >= 200 && status < 300) resolve(response);
      else reject(new Problem(status, response ?? {}));
    });
    request.send(form);
  });
}
