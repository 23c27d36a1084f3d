/** What strangers do to a form, and what buyers, networks and Redis do to it without wanting to. */
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { channelKeys } from '../../src/koogallery/keys.ts';
import { inBrowser } from '../support/console.ts';
import { AGREEMENT, TYPED } from '../support/koogallery/form.ts';
import { buy, openBuyer, POLL, type Shop, startShop } from '../support/koogallery/form-shop.ts';
import { startSingleRedis } from '../support/redis-servers.ts';

/** What the page of a link sends. */
async function submit(link: string, changes: Record<string, string> = {}) {
  const { origin, pathname, hash } = new URL(link);
  const body = new FormData();
  body.append('fields', JSON.stringify({ ...TYPED, ...changes }));
  body.append('agreement', new Blob([new Uint8Array(AGREEMENT.content)]), AGREEMENT.name);
  const headers = { 'form-token': hash.slice(1) };
  const response = await fetch(`${origin}${pathname}/submission`, { method: 'POST', headers, body });
  return { status: response.status, ...((await response.json()) as { code?: string; state?: string }) };
}

/** Begins an upload, and says no more. @returns the first line of the answer, and after how long it came */
async function beginUpload({ address, slug }: Shop, token: string) {
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  const begun = performance.now();
  const head = [
    `POST /form/${slug}/submission HTTP/1.1`,
    ...['Host: x', `Form-Token: ${token}`, 'Content-Length: 4000000'],
    'Content-Type: multipart/form-data; boundary=b',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n--b\r\nContent-Disposition: form-data; name="fields"\r\n\r\n{`);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return { line: answer.slice(0, answer.indexOf('\r\n')), ms: performance.now() - begun };
}

it('ends slow uploads, and does not even begin those of strangers', async () => {
  const shop = await startShop();
  const { link } = await buy(shop);
  const token = new URL(link).hash.slice(1);
  const [slow, stranger, others] = await Promise.all([
    beginUpload(shop, token),
    beginUpload(shop, `${token.slice(0, -2)}AA`),
    Promise.all(Array.from({ length: 10 }, () => beginUpload(shop, token))),
  ]);
  expect(stranger.line).toContain('404');
  // Those that were taken were waited for.
  expect(stranger.ms).toBeLessThan(Math.max(slow.ms, ...others.map(({ ms }) => ms)));
  expect(slow.line).toMatch(/408|503/);
  // Long before what an upload may take that goes on.
  expect(slow.ms).toBeLessThan(60_000);
  // Of one order, few are taken at a time.
  expect(others.filter(({ line }) => line.includes('503')).length).toBeGreaterThan(5);
  // A place is given back a moment after its upload was ended.
  await expect.poll(async () => (await submit(link)).status, POLL).toBe(202);
});

it('keeps what it has acknowledged when Redis is killed, and acknowledges nothing without it', async () => {
  const { url, server } = await startSingleRedis();
  const shop = await startShop({ redisUrl: url });
  const [first, second] = [await buy(shop), await buy(shop)];
  expect(await submit(first.link)).toMatchObject({ status: 202, state: 'received' });
  await server.kill();
  expect(await submit(second.link, { CustSpaceId: 'C2' })).toMatchObject({
    status: 503,
    code: 'SERVER_BUSY',
  });
  server.restart();
  await expect.poll(async () => (await submit(first.link)).status, POLL).toBe(202);
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => submit(second.link, { CustSpaceId: 'C2' })),
  );
  expect(new Set(answers.map(({ status }) => status)).has(202)).toBe(true);
  expect(answers.every(({ status }) => [202, 503].includes(status))).toBe(true);
  const { accepted } = shop.world.simulator.state.record;
  await expect
    .poll(() => accepted.map(({ custSpaceId }) => custSpaceId).sort(), POLL)
    .toEqual(['C100001', 'C2']);
  expect(await submit(second.link, { CustSpaceId: 'C3' })).toMatchObject({
    status: 409,
    code: 'FORM_CLOSED',
  });
});

inBrowser('shows what others wrote as text; two tabs, a reload and the way back do no harm', async () => {
  const shop = await startShop({ isWorking: true });
  const { order, link } = await buy(shop);
  const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const buyer = JSON.stringify({ customerName: evil });
  await shop.world.redis.hset(channelKeys(shop.slug).instance(order.instanceId ?? ''), { buyer });
  const { context, page, complaints } = await openBuyer(shop);
  const other = await context.newPage();
  await Promise.all([page.goto(link), other.goto(link)]);
  await page.getByText(evil).waitFor();
  await page.reload();
  await page.getByText(evil).waitFor();
  expect(await page.title()).toBe('Complete your order');
  const fill = async (tab: typeof page, name: string) => {
    await tab.getByLabel('Customer space ID').fill('C100001');
    await tab.getByLabel('Company name').fill(name);
    await tab.getByLabel('Office address').fill(TYPED.OfficeAddress);
    await tab.getByLabel('Contact e-mail').fill(TYPED.ContactMail);
    await tab.getByLabel('Country').selectOption('SG');
    await tab.getByLabel('Business description').fill(evil);
    const file = { name: `${evil.slice(0, 20)}.pdf`, mimeType: 'application/pdf', buffer: AGREEMENT.content };
    await tab.locator('input[type=file]').setInputFiles(file);
  };
  await fill(other, 'Second Ltd.');
  await fill(page, 'First Ltd.');
  await page.getByRole('button', { name: 'Submit' }).click();
  await page.getByRole('heading', { name: /Received|submitted/ }).waitFor();
  await other.getByRole('button', { name: 'Submit' }).click();
  await other.getByText('This form was submitted already').waitFor();
  await other.getByRole('button', { name: 'Try again' }).click();
  for (const tab of [page, other]) await tab.waitForURL(`${shop.seller.origin}/**`);
  // The page has given its place in the history away.
  await page.goBack();
  expect(page.url()).not.toContain('/form/');
  expect(shop.world.simulator.state.record.accepted).toHaveLength(1);
  expect(complaints.filter((each) => !/409|favicon/.test(each))).toEqual([]);
  await page.goto(`${link.slice(0, -1)}_`);
  await page.getByRole('heading', { name: 'This link leads nowhere' }).waitFor();
});
