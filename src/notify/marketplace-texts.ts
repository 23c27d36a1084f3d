/** The words of alerts about the marketplace of Huawei Cloud. */
import type { EventType } from './events.ts';
import type { Language, Wording } from './wording.ts';

type MarketplaceEvent = Extract<EventType, `koogallery.${string}` | `usage.${string}`>;

export const MARKETPLACE_WORDINGS: Readonly<Record<MarketplaceEvent, Record<Language, Wording>>> = {
  'koogallery.call_failed': {
    en: {
      title: 'KooGallery, {channel}: {calls} calls were answered with an error',
      advice: [
        'Which: {codes}.',
        'The marketplace repeats them for one to three hours, then it cancels orders, and in the end delists products.',
        'See why: `onboard koogallery calls {channel} --failed`.',
      ],
    },
    zh: {
      title: '云商店 {channel}:{calls} 次调用返回了错误',
      advice: [
        '接口和结果码:{codes}。',
        '云商店会重试一至三小时,之后取消订单,多次失败会下架商品。',
        '查看原因:`onboard koogallery calls {channel} --failed`。',
      ],
    },
  },
  'koogallery.unverified': {
    en: {
      title: 'KooGallery, {channel}: {calls} calls came without a valid signature',
      advice: [
        'Answered with: {codes}.',
        'Anybody can send such calls. But if none of the marketplace gets through, compare the key of the channel with the seller console, and the clock of this machine.',
        'See them: `onboard koogallery calls {channel} --unverified`; those that got through: `onboard koogallery calls {channel}`.',
      ],
    },
    zh: {
      title: '云商店 {channel}:{calls} 次调用没有有效签名',
      advice: [
        '返回的结果码:{codes}。',
        '任何人都可能发送此类请求。但如果云商店的调用全部未通过,请核对卖家中心的密钥与该通道的配置,以及本机时钟。',
        '查看这些请求:`onboard koogallery calls {channel} --unverified`;已通过的调用:`onboard koogallery calls {channel}`。',
      ],
    },
  },
  'koogallery.create_late': {
    en: {
      title: 'KooGallery, {channel}: {instances} purchases are not provisioned after {minutes} minutes',
      advice: [
        'The marketplace cancels an order about three hours after it was placed.',
        'The oldest: `onboard koogallery instance {channel} {instance}`.',
        'Look whether `onboard worker` runs, and whether the provisioning webhook answers, or what became of the customer.',
      ],
    },
    zh: {
      title: '云商店 {channel}:{instances} 个订单超过 {minutes} 分钟仍未开通',
      advice: [
        '下单约三小时后云商店会取消订单。',
        '最早的一个:`onboard koogallery instance {channel} {instance}`。',
        '请检查 `onboard worker` 是否在运行,以及开通 webhook 是否应答,或客户的注册情况。',
      ],
    },
  },
  'koogallery.data_late': {
    en: {
      title:
        'KooGallery, {channel}: {instances} purchases have waited for data of their buyers for {hours} hours',
      advice: [
        'For the marketplace they are delivered, but no customer was registered: the buyers have not filled their forms.',
        'The oldest, and what is missing: `onboard koogallery instance {channel} {instance}`.',
        'Send its buyer the link: `onboard koogallery form {channel} {instance}`.',
      ],
    },
    zh: {
      title: '云商店 {channel}:{instances} 个订单等待买家填写资料已超过 {hours} 小时',
      advice: [
        '对云商店而言已交付,但尚未注册客户:买家还没有填写表单。',
        '最早的一个及缺少的资料:`onboard koogallery instance {channel} {instance}`。',
        '把链接发给买家:`onboard koogallery form {channel} {instance}`。',
      ],
    },
  },
  'koogallery.task_refused': {
    en: {
      title: 'KooGallery, {channel}: {tasks} tasks were refused for good',
      advice: [
        'The latest: `onboard koogallery instance {channel} {instance}`.',
        'Correct the cause, then: `onboard koogallery retry {channel} --all-refused`.',
      ],
    },
    zh: {
      title: '云商店 {channel}:{tasks} 个任务被最终拒绝',
      advice: [
        '最近一个:`onboard koogallery instance {channel} {instance}`。',
        '排除原因后运行 `onboard koogallery retry {channel} --all-refused`。',
      ],
    },
  },
  'koogallery.license_empty': {
    en: {
      title: 'KooGallery, {channel}: no license is left',
      advice: [
        'The next purchase is answered with 000100. Load more: `onboard koogallery licenses add {channel} FILE`.',
      ],
    },
    zh: {
      title: '云商店 {channel}:许可证已用完',
      advice: ['下一笔订单将返回 000100。请导入:`onboard koogallery licenses add {channel} FILE`。'],
    },
  },
  'usage.deadline': {
    en: {
      title: 'KooGallery, {channel}: {records} usage records are not reported yet; deadline {deadline}',
      advice: [
        'The marketplace asks for them until {wantedBy}.',
        'What comes after {latestBy} may not be billed.',
        'From {refusedFrom} on they are refused.',
        'The marketplace last answered {code}.',
        'Look whether `onboard worker` runs, and at `onboard koogallery usage list {channel}`.',
      ],
    },
    zh: {
      title: '云商店 {channel}:{records} 条话单尚未上报,截止时间 {deadline}',
      advice: [
        '云商店要求在 {wantedBy} 之前上报。',
        '{latestBy} 之后上报的可能不再计费。',
        '自 {refusedFrom} 起将被拒绝。',
        '云商店最近一次返回 {code}。',
        '请检查 `onboard worker` 是否在运行,并查看 `onboard koogallery usage list {channel}`。',
      ],
    },
  },
  'usage.abnormal': {
    en: {
      title: 'KooGallery, {channel}: {records} usage records are abnormal and not billed',
      advice: [
        'See which and why: `onboard koogallery usage list {channel} --state abnormal`.',
        'Correct the cause, then `onboard koogallery usage retry {channel}`; or decide: `onboard koogallery usage settle`.',
      ],
    },
    zh: {
      title: '云商店 {channel}:{records} 条话单异常,未计费',
      advice: [
        '查看列表和原因:`onboard koogallery usage list {channel} --state abnormal`。',
        '排除原因后运行 `onboard koogallery usage retry {channel}`;或用 `onboard koogallery usage settle` 处理。',
      ],
    },
  },
};
