/** Requests with parts, as a browser or a program sends them; also as none would. */

import { stringify } from 'csv-stringify/sync';
import type { FastifyInstance } from 'fastify';
import { CUSTOMER_FIELDS, INPUT_FIELDS } from '../../src/customer/fields.ts';
import type { CustomerRow } from './customers.ts';
import { makePdf } from './pdf.ts';

export interface Part {
  name: string;
  /** Absent for a part that is no file. */
  filename?: string;
  content: string | Buffer;
}

export function encodeParts(parts: readonly Part[], boundary = 'x-boundary-1') {
  const chunks = parts.flatMap(({ name, filename, content }) => {
    const file = filename === undefined ? '' : `; filename="${filename}"`;
    const type = filename === undefined ? '' : 'Content-Type: application/octet-stream\r\n';
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n${type}\r\n`;
    return [Buffer.from(head), Buffer.from(content as string), Buffer.from('\r\n')];
  });
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

export const agreementOf = ({ CustSpaceId = '' }: CustomerRow) => makePdf(['Agreement', CustSpaceId]);

export function customerParts(row: CustomerRow): Part[] {
  const fields = CUSTOMER_FIELDS.map((field) => [field, row[field] ?? '']);
  return [
    { name: 'customer', content: JSON.stringify(Object.fromEntries(fields)) },
    { name: 'agreement', filename: row.IsvTerms ?? '', content: agreementOf(row) },
  ];
}

export const csvOf = (rows: readonly CustomerRow[]) =>
  stringify([...rows], { header: true, columns: [...INPUT_FIELDS] });

export function batchParts(rows: readonly CustomerRow[], options?: object): Part[] {
  return [
    { name: 'customers', filename: 'customers.csv', content: csvOf(rows) },
    ...rows.map((row) => ({
      name: 'agreements',
      filename: row.IsvTerms ?? '',
      content: agreementOf(row),
    })),
    ...(options === undefined ? [] : [{ name: 'options', content: JSON.stringify(options) }]),
  ];
}

interface PostOptions {
  headers?: Record<string, string>;
  boundary?: string;
}

export function post(
  app: FastifyInstance,
  url: string,
  parts: readonly Part[],
  { headers = {}, boundary }: PostOptions = {},
) {
  const encoded = encodeParts(parts, boundary);
  return app.inject({ method: 'POST', url, ...encoded, headers: { ...encoded.headers, ...headers } });
}
