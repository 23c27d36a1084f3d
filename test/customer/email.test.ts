import { expect, it } from 'vitest';
import { emailDoubt, emailProblem } from '../../src/customer/email.ts';

it.each([
  'a+b@example.com',
  'a&b@example.com',
  'a/b@example.com',
  "o'brien@example.com",
  'x=y#z!$%*?^_`{|}~@example.com',
  'partner@aliyun.com',
  'a@xn--fsqu00a.xn--55qx5d',
  'a@例子.公司',
  '用户@例子.公司',
  'müller@bücher.example',
  'first.last@mail.co.uk',
  '1@163.com',
])('accepts %s', (mail) => {
  expect(emailProblem(mail)).toBeUndefined();
});

it.each([
  ['nobody', 'is not an e-mail address'],
  ['a@localhost', 'is not an e-mail address'],
  ['a..b@example.com', 'is not an e-mail address'],
  ['.a@example.com', 'is not an e-mail address'],
  ['a@-b.com', 'is not an e-mail address'],
  ['a@b.com;c@d.com', 'holds several e-mail addresses'],
  ['a@b.com, c@d.com', 'holds several e-mail addresses'],
  ['Ann <a@b.com>', 'is not an e-mail address alone; it has a name beside it'],
])('refuses %s', (mail, problem) => {
  expect(emailProblem(mail)).toBe(problem);
});

it.each([
  ['a@gmial.com', 'ends with gmial.com; was gmail.com meant?'],
  ['a@gmail.co', 'ends with gmail.co; was gmail.com meant?'],
  ['a@hotmai.com', 'ends with hotmai.com; was hotmail.com meant?'],
  ['a@yahooo.com', 'ends with yahooo.com; was yahoo.com meant?'],
  ['a@firma.con', 'ends with firma.con; was firma.com meant?'],
  ['a@\u0430lipay.com', 'mixes letters of several scripts that look alike'],
  ['a@xn--lipay-3ve.com', 'mixes letters of several scripts that look alike'],
  ['b\u03bfss@example.com', 'mixes letters of several scripts that look alike'],
])('warns of %s', (mail, doubt) => {
  expect(emailDoubt(mail)).toBe(doubt);
});

it.each(['a@gmail.com', 'a@mail.com', 'a@ymail.com', 'a@qq.com', 'a@126.com', 'a@例子.公司', 'a@firma.co'])(
  'says nothing of %s',
  (mail) => {
    expect(emailDoubt(mail)).toBeUndefined();
  },
);
