import { expect, it } from 'vitest';
import { sha256Of } from '../../../src/agreement/store.ts';
import { openForm } from '../../../src/koogallery/form/form-record.ts';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { beginTask } from '../../../src/koogallery/lifecycle/begin-task.ts';
import { readDue } from '../../../src/koogallery/lifecycle/due-instances.ts';
import { readInstance, readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import { sealOf } from '../../../src/koogallery/seal.ts';
import { AGREEMENT, makeWaiting, openTestForm, TYPED } from '../../support/koogallery/form.ts';
import { creation, doChange, wish } from '../../support/koogallery/registry.ts';

const WHOLE = { fields: TYPED, agreement: AGREEMENT };
const CLOSED = { code: 'FORM_CLOSED' };

it('takes what was typed once, sealed, with its agreement stored, and the create is due at once', async () => {
  const { form, access, channel, store, nudged } = await openTestForm();
  await makeWaiting(access);
  expect(await form.view('i')).toMatchObject({ state: 'open', orderId: 'O-i', problems: [] });
  expect(await readDue(access, 10)).toEqual([]);
  expect(await form.submit('i', WHOLE)).toMatchObject({ ok: true, view: { state: 'received', asked: [] } });
  const raw = await access.redis.hgetall(channelKeys(access.slug).instance('i'));
  expect(Object.keys(raw)).not.toContain('missing');
  expect(JSON.stringify(raw)).not.toMatch(/Singapore|customer\.example/);
  const { fields, agreement } = openForm(sealOf(channel), raw.form) ?? {};
  expect(fields).toEqual({ ...TYPED, CountryId: 'SG' });
  expect(agreement).toEqual({ name: 'signed.pdf', sha256: sha256Of(AGREEMENT.content) });
  expect(await store.get(agreement?.sha256 ?? '')).toEqual(AGREEMENT.content);
  expect(nudged).toEqual(['i v1']);
  expect(await readDue(access, 10)).toMatchObject([{ id: 'i' }]);
  const [task] = await readTasks(access, 'i');
  expect(task).toMatchObject({ state: 'due', failures: 0 });
  expect(task).not.toHaveProperty('nextAt');
});

it('answers the same submission the same way, and refuses another one', async () => {
  const { form, access, nudged } = await openTestForm();
  await makeWaiting(access);
  const first = await form.submit('i', WHOLE);
  expect(await form.submit('i', WHOLE)).toEqual(first);
  const others = [
    { ...WHOLE, fields: { ...TYPED, CustName: 'Other' } },
    { ...WHOLE, agreement: { ...AGREEMENT, content: Buffer.concat([AGREEMENT.content, Buffer.from('\n')]) } },
    { ...WHOLE, fields: { ...TYPED, CountryId: 'nowhere' } },
  ];
  for (const other of others) await expect(form.submit('i', other)).rejects.toMatchObject(CLOSED);
  expect(nudged).toHaveLength(1);
});

it('takes one of 50 submissions at once: the same ones are answered, others refused', async () => {
  const { form, access, channel, nudged } = await openTestForm();
  await makeWaiting(access);
  const submits = Array.from({ length: 50 }, (_, index) =>
    form.submit('i', { ...WHOLE, fields: { ...TYPED, CustName: index % 2 ? 'A' : 'B' } }).then(
      () => (index % 2 ? 'A' : 'B'),
      ({ code }) => code,
    ),
  );
  const answers = await Promise.all(submits);
  const { fields } = openForm(sealOf(channel), (await readInstance(access, 'i'))?.form) ?? {};
  expect(answers.filter((each) => each === fields?.CustName)).toHaveLength(25);
  expect(answers.filter((each) => each === 'FORM_CLOSED')).toHaveLength(25);
  expect(nudged).toHaveLength(1);
});

it('asks only for what is missing or was refused, and keeps the rest of what was typed before', async () => {
  const { form, access, channel } = await openTestForm();
  await makeWaiting(access);
  await form.submit('i', WHOLE);
  const problems = [{ field: 'ContactMail', code: 'EMAIL_INVALID' }];
  await access.redis.hset(channelKeys(access.slug).instance('i'), {
    missing: '["CustName"]',
    problems: JSON.stringify(problems),
  });
  expect(await form.view('i')).toMatchObject({ state: 'open', asked: ['CustName', 'ContactMail'], problems });
  const again = { fields: { CustName: 'New', ContactMail: 'new@customer.example', CountryId: 'CN' } };
  expect(await form.submit('i', again)).toMatchObject({ ok: true });
  const { fields, agreement } = openForm(sealOf(channel), (await readInstance(access, 'i'))?.form) ?? {};
  expect(fields).toEqual({ ...TYPED, CountryId: 'SG', CustName: 'New', ContactMail: 'new@customer.example' });
  expect(agreement?.name).toBe('signed.pdf');
  await access.redis.hset(channelKeys(access.slug).instance('i'), {
    missing: '[]',
    problems: '[{"code":"REQUEST_TOO_LARGE"}]',
  });
  expect((await form.view('i')).asked).toHaveLength(7);
});

it('says what is wrong with each field, and keeps nothing', async () => {
  const { form, access, store } = await openTestForm();
  await makeWaiting(access);
  const bad = { CustName: ' ', ContactMail: 'nobody', CountryId: 'Narnia', OfficeAddress: 'x'.repeat(501) };
  const content = Buffer.from('PK\u0003\u0004 a document');
  const answer = await form.submit('i', { fields: bad, agreement: { name: 'a.docx', content } });
  expect(answer).toMatchObject({ ok: false });
  expect('problems' in answer && answer.problems.map(({ field, code }) => `${field} ${code}`)).toEqual([
    ...['CustSpaceId REQUIRED', 'CustName REQUIRED', 'OfficeAddress TOO_LONG', 'ContactMail EMAIL_INVALID'],
    ...['CountryId COUNTRY_UNKNOWN', 'BusinessDesc REQUIRED', 'IsvTerms AGREEMENT_NOT_PDF'],
  ]);
  const files = [];
  for await (const file of store.list()) files.push(file);
  expect(files).toEqual([]);
  expect(await form.submit('i', { fields: TYPED })).toMatchObject({
    problems: [{ field: 'IsvTerms', code: 'REQUIRED' }],
  });
  const long = { ...TYPED, BusinessDesc: '长'.repeat(1_000) };
  expect(await form.submit('i', { fields: long, agreement: AGREEMENT })).toMatchObject({
    problems: [{ code: 'REQUEST_TOO_LARGE' }],
  });
});

it('gives an agreement with an impossible name a plain one', async () => {
  const { form, access, channel } = await openTestForm();
  await makeWaiting(access);
  await form.submit('i', { ...WHOLE, agreement: { ...AGREEMENT, name: 'a\u202efdp.exe' } });
  const { agreement } = openForm(sealOf(channel), (await readInstance(access, 'i'))?.form) ?? {};
  expect(agreement?.name).toBe('agreement.pdf');
});

it('waits while a worker looks at the instance, and gives up after a while', async () => {
  const { form, access } = await openTestForm({ busyMsMax: 250 });
  await makeWaiting(access);
  const lease = `${channelKeys(access.slug).instance('i')}:lease`;
  await access.redis.set(lease, 'somebody', 'PX', 60_000);
  await expect(form.submit('i', WHOLE)).rejects.toMatchObject({ code: 'SERVER_BUSY' });
  expect(await form.view('i')).toMatchObject({ state: 'open' });
  const submitting = form.submit('i', WHOLE);
  await access.redis.del(lease);
  expect(await submitting).toMatchObject({ view: { state: 'received' } });
});

it('says where an order stands', async () => {
  const { form, access } = await openTestForm();
  const stateOf = async () => (await form.view('i')).state;
  const set = (fields: Record<string, string>) =>
    access.redis.hset(channelKeys(access.slug).instance('i'), fields);
  await expect(form.view('i')).rejects.toMatchObject({ code: 'FORM_UNKNOWN' });
  await doChange(access, creation('i'));
  expect(await stateOf()).toBe('preparing');
  await expect(form.submit('i', WHOLE)).rejects.toMatchObject(CLOSED);
  await set({ missing: '["CustName"]', readyAt: '1' });
  expect(await stateOf()).toBe('open');
  await doChange(access, wish('freeze', 'i'));
  expect(await stateOf()).toBe('paused');
  await expect(form.submit('i', WHOLE)).rejects.toMatchObject(CLOSED);
  await doChange(access, wish('unfreeze', 'i'));
  await form.submit('i', { fields: { CustName: 'A' } });
  await beginTask(access, 'i', 15_000);
  expect(await stateOf()).toBe('received');
  await set({ refusal: 'batch 1 row 2: refused' });
  expect(await stateOf()).toBe('failed');
  await doChange(access, wish('release', 'i'));
  expect(await stateOf()).toBe('ended');
  await expect(form.submit('i', { fields: { CustName: 'B' } })).rejects.toMatchObject(CLOSED);
});
