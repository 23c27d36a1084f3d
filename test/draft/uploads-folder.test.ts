import { expect, it } from 'vitest';
import { explainFiles, uploadsUnwritable } from '../../src/draft/uploads-folder.ts';

it.each(['EMFILE', 'ENFILE'])('%s is not about the folder of uploads, and passes by itself', (code) => {
  const error = Object.assign(new Error(code), { code });
  expect(uploadsUnwritable('/uploads', error)).toBe(error);
  expect(explainFiles(error)).toMatchObject({
    code: 'SERVER_BUSY',
    hint: expect.stringContaining('ulimit -n'),
  });
});

it('what says something of the upload is not explained by the disk', () => {
  expect(explainFiles(Object.assign(new Error('EEXIST'), { code: 'EEXIST' }))).toBeUndefined();
  expect(explainFiles(undefined)).toBeUndefined();
});
