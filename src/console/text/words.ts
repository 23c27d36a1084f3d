/** Words of the ledger: outcomes, states, reviews, fields. */
import type { BatchState, Outcome, ReviewWord } from '../api/types.ts';

const en = {
  outcome: {
    pending: 'pending',
    waiting: 'waiting for another row',
    uploading: 'uploading',
    uploaded: 'uploaded',
    submitting: 'submitting',
    submitted: 'submitted',
    failed: 'failed',
    unchanged: 'unchanged',
    cancelled: 'cancelled',
  } satisfies Record<Outcome, string>,
  group: {
    submitted: 'submitted',
    unchanged: 'unchanged',
    working: 'in work',
    queued: 'waiting',
    failed: 'failed',
    cancelled: 'cancelled',
  },
  state: {
    cancelling: 'cancelling',
    paused: 'paused',
    enqueuing: 'being enqueued',
    running: 'running',
    open: 'open',
    finished: 'finished',
  } satisfies Record<BatchState, string>,
  review: {
    awaited: 'review awaited',
    approved: 'approved',
    rejected: 'rejected',
    replaced: 'replaced',
  } satisfies Record<ReviewWord, string>,
  reviewed: { awaited: 'awaited', approved: 'approved', rejected: 'rejected' },
  parked: 'parked',
  column: {
    CustSpaceId: 'Customer space ID',
    CustName: 'Company name',
    OfficeAddress: 'Office address',
    ContactMail: 'Contact e-mail',
    CountryId: 'Country',
    BusinessDesc: 'Business description',
    IsvTerms: 'Agreement (PDF)',
  } as Record<string, string>,
};

const zh: typeof en = {
  outcome: {
    pending: '待处理',
    waiting: '等待其他行',
    uploading: '上传中',
    uploaded: '已上传',
    submitting: '提交中',
    submitted: '已提交',
    failed: '失败',
    unchanged: '未变更',
    cancelled: '已取消',
  },
  group: {
    submitted: '已提交',
    unchanged: '未变更',
    working: '处理中',
    queued: '等待中',
    failed: '失败',
    cancelled: '已取消',
  },
  state: {
    cancelling: '正在取消',
    paused: '已暂停',
    enqueuing: '入队中',
    running: '运行中',
    open: '接收中',
    finished: '已完成',
  },
  review: { awaited: '待审核', approved: '已通过', rejected: '已驳回', replaced: '已被替换' },
  reviewed: { awaited: '待审核', approved: '已通过', rejected: '已驳回' },
  parked: '待人工确认',
  column: {
    CustSpaceId: '客户空间 ID',
    CustName: '企业名称',
    OfficeAddress: '办公地址',
    ContactMail: '联系邮箱',
    CountryId: '国家/地区',
    BusinessDesc: '业务描述',
    IsvTerms: '协议（PDF）',
  },
};

export const words = { en, zh };
