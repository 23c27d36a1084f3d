/** A purchase that does not say enough, from the marketplace through a buyer's browser to Chat App. */
import { expect } from 'vitest';
import { expectToFit, findBarriers, inBrowser } from '../support/console.ts';
import { TYPED } from '../support/koogallery/form.ts';
import { buy, dropFile, openBuyer, POLL, startShop } from '../support/koogallery/form-shop.ts';
import { makePdf } from '../support/pdf.ts';
import { runProgram } from '../support/programs.ts';

inBrowser('a purchase becomes a customer after its buyer has filled the form in', async () => {
  const shop = await startShop({ fields: { BusinessDesc: { text: 'Order updates' } } });
  const { order, link, addressNow } = await buy(shop);
  const { page, foreign, complaints } = await openBuyer(shop);
  await page.goto(link);
  await page.getByRole('heading', { name: 'Complete your order' }).waitFor();
  expect(await page.getByText(order.orderId).isVisible()).toBe(true);
  expect(await page.getByLabel('Business description').count()).toBe(0);
  await page.getByRole('button', { name: 'Submit' }).click();
  await page.getByText('Please correct 6 fields').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await expectToFit(page);
  await page.getByLabel('Customer space ID').fill('C100001');
  await page.getByLabel('Company name').fill(TYPED.CustName);
  await page.getByLabel('Office address').fill(TYPED.OfficeAddress);
  await page.getByLabel('Contact e-mail').fill('person at customer.example');
  await page.getByLabel('Country').selectOption({ label: 'Singapore' });
  await dropFile(page, 'signed.txt', Buffer.from('no pdf'));
  await page.getByRole('button', { name: 'Submit' }).click();
  await page.getByText('Please correct 2 fields').waitFor();
  expect(await page.getByText('The file is not a PDF.').count()).toBe(2);
  await page.getByLabel('Contact e-mail').fill(TYPED.ContactMail);
  await dropFile(page, 'signed.pdf', makePdf(['Signed by the buyer']));
  await page.getByRole('button', { name: 'Submit' }).click();
  await page.getByRole('heading', { name: /Received|submitted/ }).waitFor();
  await page.waitForURL(`${shop.seller.origin}/i/${order.instanceId}`);
  const { accepted } = shop.world.simulator.state.record;
  expect(accepted).toHaveLength(1);
  expect(accepted[0]).toMatchObject({ custSpaceId: 'C100001' });
  await expect.poll(addressNow, POLL).toBe(`${shop.seller.origin}/i/${order.instanceId}`);
  // Whoever comes back later is led on.
  await page.goto(link);
  await page.waitForURL(`${shop.seller.origin}/i/${order.instanceId}`);
  foreign.delete(shop.seller.origin);
  expect([...foreign]).toEqual([]);
  expect(complaints.filter((each) => !/422|favicon/.test(each))).toEqual([]);
  const shown = await runProgram(shop.world, ['koogallery', 'form', shop.slug, order.instanceId ?? '']);
  expect([shown.code, shown.stdout.trim()]).toEqual([0, link]);
});

inBrowser('in Chinese, on a telephone in the dark; what Chat App refuses is asked for again', async () => {
  const shop = await startShop();
  shop.world.simulator.state.faults.replace([
    { operation: 'submit', kind: 'error', match: '^C100002$', code: 'InvalidParameter.CustName', times: 1 },
  ]);
  const { order, link } = await buy(shop);
  const look = { locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 390, height: 844 } } as const;
  const { page, complaints } = await openBuyer(shop, look);
  await page.goto(link);
  await page.getByRole('heading', { name: '完善订单信息' }).waitFor();
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByText('请更正以下 7 项').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await expectToFit(page);
  await page.getByLabel('客户空间 ID').fill('Ｃ１００００２');
  await page.getByLabel('企业名称').fill('示例贸易有限公司');
  await page.getByLabel('办公地址').fill('上海市示例路 1 号');
  await page.getByLabel('联系邮箱').fill('person@customer.example');
  await page.getByLabel('国家/地区').selectOption({ label: '新加坡' });
  await page.getByLabel('业务描述').fill('订单通知');
  const signed = { name: '协议（已签署）.pdf', mimeType: 'application/pdf', buffer: makePdf(['Signed']) };
  await page.locator('input[type=file]').setInputFiles(signed);
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByRole('heading', { name: '已收到，谢谢' }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  // It is refused, and the page asks again by itself.
  await page.getByText('之前提交的信息未能完成注册').waitFor();
  await page.getByLabel('企业名称').fill('示例贸易（上海）有限公司');
  for (const field of ['客户空间 ID', '办公地址', '联系邮箱', '业务描述'])
    if ((await page.getByLabel(field).count()) > 0) throw new Error(`${field} was not refused`);
  await page.getByRole('button', { name: '提交' }).click();
  await page.waitForURL(`${shop.seller.origin}/i/${order.instanceId}`);
  expect(shop.world.simulator.state.record.accepted).toMatchObject([{ custSpaceId: 'C100002' }]);
  expect(complaints.filter((each) => !/favicon/.test(each))).toEqual([]);
});
