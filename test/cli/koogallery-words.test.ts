/** What people read of KooGallery: each word of it must be true, and say what to do. */
import { expect, it } from 'vitest';
import { renderCalls, renderStory } from '../../src/cli/instances-view.ts';
import { createProgram } from '../../src/cli/program.ts';
import { viewInstance } from '../../src/koogallery/instance-view.ts';

it('lists the commands below another one with their own arguments, not with those of a namesake', async () => {
  const program = await createProgram({ loads: () => true });
  const koogallery = program.commands.find((each) => each.name() === 'koogallery');
  const usage = koogallery?.commands.find((each) => each.name() === 'usage');
  expect(koogallery?.helpInformation()).toContain('retry [options] <channel> [instance]');
  expect(usage?.helpInformation()).toContain('settle [options] <channel> <id>');
  expect(program.helpInformation()).toContain('retry [options] <batch>');
});

it('names the fields of a call that nobody could use', () => {
  const facts = { reason: 'invalid', fields: 'status,orderId' };
  const call = { at: 0, activity: 'updateInstanceStatus', code: '000002', isTest: false, facts };
  expect(renderCalls([call])).toContain('invalid: status,orderId');
});

it('says of a released instance that waits for its worker that it needs no data any more', () => {
  const view = viewInstance('shop', {
    ...{ id: 'i', kind: 'saas', state: 'released', wanted: 'released', version: 2, settled: 0, createdAt: 0 },
    ...{
      refused: 0,
      dataNumber: 0,
      missing: ['CustName'],
      problems: [{ field: 'CustName', code: 'REQUIRED' }],
    },
  });
  expect(view).not.toHaveProperty('missing', ['CustName']);
  expect(renderStory(view, [])).not.toMatch(/waits for|cannot be used/);
});
