/** A page of instances, whatever the peer makes of it. */
import { expect, it } from 'vitest';
import { parseInstances } from '../../../src/alibaba/chatapp/instances.ts';

it('nothing is taken of an instance but what may be shown', () => {
  const personal = {
    ContactMail: 'a@b.example',
    OfficeAddress: '1 Main St',
    CountryId: 'SG',
    FacebookBmId: '1',
  };
  const known = {
    CustSpaceId: 'C1',
    InstanceId: 'i-1',
    ChannelType: 'VIBER',
    State: 'published',
    IsvTerms: 'a.pdf',
  };
  const { instances, listed, total } = parseInstances({ data: [{ ...known, ...personal }], total: 1 });
  expect([listed, total]).toEqual([1, 1]);
  expect(instances).toEqual([
    { custSpaceId: 'C1', instanceId: 'i-1', channelType: 'VIBER', state: 'published', isvTerms: 'a.pdf' },
  ]);
});

it('a text that is odd is bounded, one that is none is missing, and the entry stays', () => {
  const odd = { CustSpaceId: 'C1', InstanceId: 7, ChannelType: {}, State: `x\u001b[2J${'y'.repeat(9_999)}` };
  const [instance] = parseInstances({ data: [{ ...odd, IsvTerms: ['a'] }] }).instances;
  expect(instance).toEqual({ custSpaceId: 'C1', state: expect.stringMatching(/^x\\u001b\[2Jy{200,}$/) });
  expect(instance?.state?.length).toBeLessThan(300);
});

it('what names no customer is counted and left out', () => {
  const strangers = [{ InstanceId: 'i-1' }, { CustSpaceId: '' }, { CustSpaceId: 7 }, null, 'text', ['C1']];
  expect(parseInstances({ data: strangers })).toEqual({ instances: [], listed: 6, total: undefined });
});

it.each([undefined, null, 'text', { List: [] }, 7])(
  'an answer without a list is an empty page: %j',
  (data) => {
    expect(parseInstances({ data })).toEqual({ instances: [], listed: 0, total: undefined });
  },
);
