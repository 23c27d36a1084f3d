/** Asks the API. What it refuses is thrown as a `Problem`, in its own words. */

import type { RowError } from './types.ts';

/** Where everything is served: this script is in `assets/` below it. */
export const base = new URL(/* @vite-ignore */ '..', import.meta.url).pathname.replace(/\/$/, '');

/** An answer of RFC 9457, or the lack of any. */
export class Problem extends Error {
  /** 0 if there was no answer. */
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly errors: readonly RowError[];

  constructor(status: number, { code = '', detail = '', hint = '', errors = [] }: Partial<ProblemBody>) {
    super(detail);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.errors = errors;
  }
}

interface ProblemBody {
  code: string;
  detail: string;
  hint: string;
  errors: RowError[];
}

export type Query = Record<string, string | number | boolean | undefined>;

export function address(path: string, query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  const search = new URLSearchParams(given).toString();
  return `${base}${path}${search && `?${search}`}`;
}

/** One part of a path. */
export const part = encodeURIComponent;

/** @throws Problem */
export function get<Answer>(path: string, query?: Query, signal?: AbortSignal): Promise<Answer> {
  return ask<Answer>(address(path, query), { ...(signal && { signal }) });
}

/**
 * @param body a form, or what JSON can say
 * @param key what makes a repetition harmless; undefined where the server knows by itself what is repeated
 * @throws Problem
 */
export function send<Answer>(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  { key }: { key: string | undefined } = { key: newKey() },
): Promise<Answer> {
  const isForm = body instanceof FormData;
  return ask<Answer>(`${base}${path}`, {
    method,
    headers: {
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  });
}

async function ask<Answer>(url: string, request: RequestInit): Promise<Answer> {
  const response = await fetch(url, { ...request, cache: 'no-store' }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, {});
  });
  // Whoever is not logged in any more is sent to the page for that, and back here.
  if (response.status === 401) location.reload();
  if (!response.ok) throw new Problem(response.status, await readProblem(response));
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

async function readProblem(response: Response): Promise<Partial<ProblemBody>> {
  try {
    return (await response.json()) as Partial<ProblemBody>;
  } catch {
    return { detail: response.statusText };
  }
}

/** `crypto.randomUUID` is only there under TLS and on this machine. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
