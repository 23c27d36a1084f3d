import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConfig, lint } from '@redocly/openapi-core';
import { expect, it, onTestFinished } from 'vitest';
import { createApi, listen } from '../support/api.ts';
import { browserPath, openBrowser } from '../support/browser.ts';

it("has a document of which Redocly's linter finds nothing to say", async () => {
  const { world, get } = await createApi();
  const path = join(world.folder, 'openapi.json');
  await writeFile(path, (await get('/openapi.json')).body);
  const config = await createConfig({ extends: ['recommended'], rules: { 'no-server-example.com': 'off' } });
  const problems = await lint({ ref: path, config });
  const said = problems.map(({ ruleId, severity, message, location }) =>
    [severity, ruleId, message, location[0]?.pointer].join(' '),
  );
  expect(said).toEqual([]);
});

it.skipIf(browserPath === undefined)('has a page that works under its policy, in a browser', async () => {
  const { app } = await createApi();
  const address = await listen(app);
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => asked.push(new URL(request.url()).origin));
  await page.goto(`${address}/docs`);
  await page.getByText('List batches, the newest first').first().click();
  await page.getByRole('button', { name: 'Try it out' }).first().click();
  await page.getByRole('button', { name: 'Execute' }).first().click();
  await page.locator('.live-responses-table').getByText('"batches"').first().waitFor();
  expect(complaints).toEqual([]);
  expect(new Set(asked.filter((origin) => origin !== 'null'))).toEqual(new Set([address]));
});
