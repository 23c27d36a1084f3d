import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, it } from 'vitest';
import { createApi } from '../support/api.ts';
import { operationsOf } from '../support/openapi.ts';

it('describes every route of the API: for whom it is, what it takes and gives, with an example that fits', async () => {
  const { app, get } = await createApi();
  const document = (await get('/openapi.json')).json;
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema(document, 'document');
  const missing: string[] = [];
  for (const { name, operation } of operationsOf(document)) {
    expect([name, operation.summary, operation.tags]).toEqual([
      name,
      expect.any(String),
      [expect.any(String)],
    ]);
    const takesKey = operation.parameters?.some((one) => one.name === 'Idempotency-Key') ?? false;
    expect([name, takesKey]).toEqual([name, name.startsWith('POST ')]);
    const bodies = [operation.requestBody, ...Object.values(operation.responses)];
    for (const body of bodies)
      for (const [type, media] of Object.entries(body?.content ?? {})) {
        const { $ref } = media.schema as { $ref?: string };
        const own =
          $ref === undefined ? media.schema : document.components.schemas[$ref.split('/').at(-1) ?? ''];
        const examples = media.examples
          ? Object.values(media.examples).map(({ value }) => value)
          : media.example !== undefined
            ? [media.example]
            : (own.examples ?? []);
        if (examples.length === 0) missing.push(`${name} ${type} ${$ref}`);
        const check = ajv.compile($ref === undefined ? media.schema : { $ref: `document${$ref}` });
        for (const example of examples)
          if (!check(example)) missing.push(`${name} ${JSON.stringify(check.errors)}`);
      }
  }
  expect(missing).toEqual([]);
  // What the application has, and what the document says, are the same.
  const documented = operationsOf(document).map(
    ({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
  );
  expect(app.hasRoute({ method: 'GET', url: '/v1/batches/:id' })).toBe(true);
  for (const route of documented) {
    const [method = '', url = ''] = route.split(' ');
    expect([route, app.hasRoute({ method: method as 'GET', url })]).toEqual([route, true]);
  }
});

it('has a page for people that asks nothing of another host', async () => {
  const { get } = await createApi({ more: { ONBOARD_BASE_PATH: '/isv' } });
  const page = await get('/isv/docs');
  expect(page.status).toBe(200);
  const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '');
  expect(links.length).toBeGreaterThan(3);
  for (const link of links) {
    expect(link).toMatch(/^\/isv\/docs\/static\//);
    expect((await get(link)).status).toBe(200);
  }
  expect(page.headers['content-security-policy']).toMatch(
    /script-src 'self';style-src 'self' 'unsafe-hashes' 'sha256-[^ ]+';img-src 'self' data:/,
  );
  expect((await get('/isv/docs/static/swagger-initializer.js')).body).toContain('"url":"/isv/openapi.json"');
});

it('is counted by the templates of its routes, whatever is asked', async () => {
  const { app, get } = await createApi();
  for (const url of ['/v1/batches/secret-id', '/v1/customers/secret-id?account=x', '/v1/secret', '/v1/%zz'])
    await get(url);
  await app.inject({ method: 'DELETE', url: '/v1/batches/secret-id' });
  const { body } = await get('/metrics');
  const counted = body.split('\n').filter((line) => line.startsWith('onboard_http_requests_total{'));
  expect(body).not.toContain('secret');
  expect(counted.join('\n')).toContain('method="DELETE",route="/v1/batches/:id",status="404"');
});
