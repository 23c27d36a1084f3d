/** Events in words for people, in both languages: what happened, to whom, and what to do next. Pure. */
import { cut, inLine } from '../printable.ts';
import type { AlertEvent } from './events.ts';
import { MARKETPLACE_WORDINGS } from './marketplace-texts.ts';
import type { Language, Wording } from './wording.ts';

export interface AlertText {
  title: string;
  lines: string[];
  language: Language;
}

/** Longest line, in characters: something in it may come from outside. */
const LINE_LENGTH_MAX = 300;

type Wordings = Readonly<Record<AlertEvent['type'], Record<Language, Wording>>>;

export const WORDINGS: Wordings = {
  'breaker.opened': {
    en: {
      title: 'Alibaba Cloud refuses the account: {code}',
      advice: ['Nothing is sent and no row fails. {hint}', 'Once it is mended: `onboard resume`.'],
    },
    zh: {
      title: '阿里云拒绝该账号:{code}',
      advice: ['已停止发送,没有行失败。{hint}', '处理好之后运行 `onboard resume`。'],
    },
  },
  'breaker.closed': {
    en: { title: 'Alibaba Cloud accepts the account again', advice: ['Sending goes on by itself.'] },
    zh: { title: '阿里云已重新接受该账号', advice: ['发送已自动恢复。'] },
  },
  'ledger.went_back': {
    en: {
      title: 'Redis has forgotten what was sent; the account is held',
      advice: [
        'A backup of Redis was put back, or Redis was lost.',
        'Nothing is sent until somebody decides: `onboard status` says which it is, and what to do before `onboard account recover`.',
      ],
    },
    zh: {
      title: 'Redis 丢失了部分发送记录,账号已停止发送',
      advice: [
        'Redis 恢复了较早的备份,或数据已丢失。',
        '在有人决定之前不会发送任何数据:`onboard status` 会说明属于哪种情况,以及运行 `onboard account recover` 之前应做什么。',
      ],
    },
  },
  'outage.began': {
    en: {
      title: 'No answer from Alibaba Cloud: {operation}, {code}',
      advice: ['Rows wait and none fails. Nothing to do: sending goes on by itself.'],
    },
    zh: { title: '阿里云没有应答:{operation},{code}', advice: ['各行等待,没有行失败;恢复后自动继续。'] },
  },
  'outage.ended': {
    en: { title: 'Alibaba Cloud answers again', advice: ['Sending goes on by itself.'] },
    zh: { title: '阿里云已恢复应答', advice: ['发送已自动恢复。'] },
  },
  'batch.finished': {
    en: {
      title: 'Batch {batch} is finished: {submitted} submitted, {failed} failed',
      advice: [
        '{unchanged} unchanged, {cancelled} cancelled, of {total} rows.',
        'Results: `onboard results {batch}`.',
      ],
    },
    zh: {
      title: '批次 {batch} 已完成:已提交 {submitted},失败 {failed}',
      advice: ['未变 {unchanged},已取消 {cancelled},共 {total} 行。', '结果:`onboard results {batch}`。'],
    },
  },
  'batch.paused': {
    en: {
      title: 'Batch {batch} is paused',
      advice: [
        'By {by}.',
        'After too many refusals in a row: {why}.',
        'To continue: `onboard resume {batch}`.',
      ],
    },
    zh: {
      title: '批次 {batch} 已暂停',
      advice: ['操作人:{by}。', '连续被拒绝次数过多:{why}。', '继续:`onboard resume {batch}`。'],
    },
  },
  'row.parked': {
    en: {
      title: 'Batch {batch}: {parked} rows need a decision',
      advice: [
        'They were sent, and the answer was lost. Ask Alibaba Cloud whether they arrived, then: `onboard settle {batch}`.',
      ],
    },
    zh: {
      title: '批次 {batch}:{parked} 行需要人工确认',
      advice: ['已发送但应答丢失。请向阿里云确认是否收到,然后运行 `onboard settle {batch}`。'],
    },
  },
  'review.overdue': {
    en: {
      title: '{reviews} reviews have been awaited for more than {days} days',
      advice: [
        'See which: `onboard reviews`. Ask Alibaba Cloud how they ended, and record it: `onboard review`.',
      ],
    },
    zh: {
      title: '{reviews} 个审核已等待超过 {days} 天',
      advice: ['查看列表:`onboard reviews`。请向阿里云确认审核结果,并用 `onboard review` 记录。'],
    },
  },
  'workers.absent': {
    en: {
      title: '{rows} rows wait, and no worker is running',
      advice: ['Last seen: {lastSeen}.', 'Start one: `onboard worker`.'],
    },
    zh: {
      title: '{rows} 行在等待,但没有 worker 在运行',
      advice: ['最后一次出现:{lastSeen}。', '请启动:`onboard worker`。'],
    },
  },
  'redis.memory': {
    en: {
      title: 'Redis is short of memory: {percent} % is used',
      advice: [
        'It may use {megabytes} MB.',
        'When it is full, nothing is accepted any more. Raise maxmemory, or `onboard purge` finished batches.',
      ],
    },
    zh: {
      title: 'Redis 内存不足:已用 {percent} %',
      advice: [
        '上限 {megabytes} MB。',
        '写满之后不再接受任何数据。请提高 maxmemory,或用 `onboard purge` 删除已完成的批次。',
      ],
    },
  },
  'redis.unreachable': {
    en: {
      title: 'Redis does not answer',
      advice: ['Noticed by {by}. Nothing is sent until it is back; then work goes on by itself.'],
    },
    zh: { title: 'Redis 没有应答', advice: ['发现者:{by}。恢复之前不发送任何数据,恢复后自动继续。'] },
  },
  'disk.low': {
    en: {
      title: 'The disk of the agreement store is nearly full: {megabytes} MB left',
      advice: ['On {host}. Free some space: imports need it.'],
    },
    zh: {
      title: '协议存储磁盘空间不足:剩余 {megabytes} MB',
      advice: ['主机:{host}。请释放空间,导入需要它。'],
    },
  },
  ...MARKETPLACE_WORDINGS,
  test: {
    en: { title: 'This is a test', advice: ['Alerts of isv-onboarding arrive here.'] },
    zh: { title: '这是一条测试消息', advice: ['isv-onboarding 的告警会发送到这里。'] },
  },
};

/** DingTalk and Feishu groups may ask for a keyword in each message: this is one. */
const NAME = 'isv-onboarding';

const WHERE = {
  en: { account: 'Account', rehearsal: 'rehearsal', at: 'At' },
  zh: { account: '账号', rehearsal: '演练', at: '时间' },
};

export function textOf({ type, at, account, peer, facts }: AlertEvent, language: Language): AlertText {
  const { title, advice } = WORDINGS[type][language];
  const words = WHERE[language];
  const rehearsal = peer === 'rehearsal' ? ` (${words.rehearsal})` : '';
  const lines = [
    ...(account === undefined ? [] : [`${words.account}: ${account}${rehearsal}`]),
    ...advice.flatMap((sentence) => fill(sentence, facts) ?? []),
    `${words.at}: ${new Date(at).toISOString()}`,
  ];
  const inTitle = fill(title, facts) ?? type;
  return { title: bounded(`[${NAME}] ${inTitle}`), lines: lines.map(bounded), language };
}

/** @returns undefined if it needs a fact that there is none of */
function fill(sentence: string, facts: AlertEvent['facts']): string | undefined {
  const names = Array.from(sentence.matchAll(/\{(\w+)\}/g), ([, name = '']) => name);
  if (names.some((name) => facts[name] === undefined)) return undefined;
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name]));
}

const bounded = (line: string) => inLine(cut(line, LINE_LENGTH_MAX));
