/** What the marketplace's debugger would find wrong with an answer (docs/koogallery-sources.md). Pure. */
import { z } from 'zod';
import { type AppInfo, RESULT_MESSAGE_LENGTH_MAX, wireAppInfo } from './answers.ts';
import type { Generation, Intent } from './intent.ts';
import type { FieldProblem } from './parse-request.ts';
import { isResultCode, isSuccess, mayAnswer } from './result-codes.ts';
import { ENCRYPTED_LENGTH_MAX, type FieldCipher } from './sensitive-field.ts';
import { parseCompactUtc } from './time.ts';

const id = z.string().min(1).max(64);

const appInfo = z.looseObject({
  frontEndUrl: z.string().min(1).max(512),
  adminUrl: z.string().max(512).optional(),
  userName: z.string().max(ENCRYPTED_LENGTH_MAX).optional(),
  password: z.string().max(ENCRYPTED_LENGTH_MAX).optional(),
  memo: z.string().max(1024).optional(),
});

const usageInfo = z.looseObject({
  relatedInstanceId: z.string().max(64).optional(),
  usageValue: z
    .union([z.number(), z.string()])
    .refine(
      (value) => /^\d{1,8}(\.\d{1,4})?$/.test(String(value)),
      'is not a number with at most 4 decimals',
    ),
  statisticalTime: z
    .string()
    .refine((text) => text.length === 17 && parseCompactUtc(text) !== undefined, 'is not yyyyMMddHHmmssSSS'),
  dashboardUrl: z.string().max(512).optional(),
});

const encryptType = z.enum(['1', '2']).optional();
const info = z.array(
  z.looseObject({
    instanceId: id,
    appInfo: appInfo.optional(),
    usageInfo: z.array(usageInfo).optional(),
  }),
);

const RESULT = z.looseObject({
  resultCode: z.string().length(6),
  resultMsg: z.string().max(RESULT_MESSAGE_LENGTH_MAX),
});
const CREATED_V1 = z.looseObject({ encryptType, instanceId: id, appInfo });
const CREATED_V2 = z.looseObject({ instanceId: id });
const QUERIED = z.looseObject({ encryptType, info });
const LICENSE = z.looseObject({ instanceId: id, license: z.string().min(1) });

/** What is asked of the answer to one call. */
export interface Answered {
  generation: Generation;
  intent: Intent['intent'];
  /** The body, parsed. */
  answer: unknown;
}

/**
 * Everything wrong with an answer; empty if nothing is. A refusal needs no more than its code and message. Whether the call
 * succeeded is another question: `isSuccess`.
 */
export function answerProblems({ generation, intent, answer }: Answered): FieldProblem[] {
  const result = RESULT.safeParse(answer);
  if (!result.success) return problemsOf(result.error);
  const code = result.data.resultCode;
  if (!isResultCode(code)) return [{ field: 'resultCode', problem: 'is no known code' }];
  if (!mayAnswer(code, intent)) return [{ field: 'resultCode', problem: `is not an answer to ${intent}` }];
  const isV2 = !isV1(generation);
  const content = isSuccess(code, { intent, isV2 }) ? contentOf(intent, isV2).safeParse(answer) : result;
  return content.success ? [] : problemsOf(content.error);
}

/** What is too long in access data, before they are answered. In V1.0, texts are as long as they are encrypted. */
export function appInfoProblems(access: AppInfo, cipher?: FieldCipher): FieldProblem[] {
  const checked = appInfo.safeParse(wireAppInfo(access, cipher));
  return checked.success ? [] : problemsOf(checked.error);
}

export function isV1(generation: Generation): boolean {
  return generation === 'saas-v1' || generation === 'license-v1';
}

function contentOf(intent: Intent['intent'], isV2: boolean): z.ZodType {
  if (intent === 'create') return isV2 ? CREATED_V2 : CREATED_V1;
  if (intent === 'query') return QUERIED;
  return intent === 'license.get' ? LICENSE : RESULT;
}

function problemsOf({ issues }: z.ZodError): FieldProblem[] {
  return issues.map((issue) => ({ field: issue.path.join('.'), problem: wordsOf(issue) }));
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is missing';
  if (issue.code === 'too_big') return `is longer than ${issue.maximum} characters`;
  if (issue.code === 'too_small')
    return issue.minimum === 1 ? 'is empty' : `is shorter than ${issue.minimum}`;
  return issue.message;
}
