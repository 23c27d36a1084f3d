/** What can keep rows from moving. What to do about it is in `hints.ts`. */
import type { HoldReason } from '../api/types.ts';

const en = {
  what: {
    noWorker: 'No worker is alive',
    workersInTrouble: 'No worker takes jobs',
    ledgerWentBack: 'Redis has forgotten what was sent',
    ledgerEmpty: 'Redis has none of the submits that were made',
    accountPaused: 'The account is paused',
    batchPaused: 'The batch is paused',
    leadsPaused: 'Waits for paused batches',
    breaker: 'Alibaba Cloud refuses the account',
    outage: 'Alibaba Cloud does not answer',
    notBefore: 'Starts later',
    batchesAhead: 'Other batches go first',
    rowsWait: 'Rows wait for the same customers in other batches',
  } satisfies Record<HoldReason, string>,
  since: (time: string) => `since ${time}`,
  lastAt: (time: string) => `the last at ${time}`,
  by: (name: string) => `by ${name}`,
  until: (time: string) => `at ${time}`,
  refusals: (code: string) => `after too many ${code} refusals in a row`,
  rows: (rows: string) => (rows === '1' ? '1 row' : `${rows} rows`),
  everRun: 'none has ever run for this account',
  whatToDo: 'What to do',
};

const zh: typeof en = {
  what: {
    noWorker: '没有存活的 worker',
    workersInTrouble: '没有 worker 在领取任务',
    ledgerWentBack: 'Redis 丢失了部分发送记录',
    ledgerEmpty: 'Redis 中没有任何已提交的记录',
    accountPaused: '账号已暂停',
    batchPaused: '批次已暂停',
    leadsPaused: '正在等待已暂停的批次',
    breaker: '阿里云拒绝了该账号',
    outage: '阿里云没有响应',
    notBefore: '稍后开始',
    batchesAhead: '其他批次优先',
    rowsWait: '有行在等待其他批次中的相同客户',
  },
  since: (time: string) => `自 ${time} 起`,
  lastAt: (time: string) => `最后一次提交：${time}`,
  by: (name: string) => `操作人：${name}`,
  until: (time: string) => `开始时间：${time}`,
  refusals: (code: string) => `连续多次被 ${code} 拒绝`,
  rows: (rows: string) => `${rows} 行`,
  everRun: '该账号从未运行过 worker',
  whatToDo: '处理建议',
};

export const holds = { en, zh };
