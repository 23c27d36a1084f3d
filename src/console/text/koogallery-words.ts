/** Words of the channels: states of instances, tasks and usage. What is not here is shown as the API calls it. */

type Words = Record<string, string>;

const en = {
  instance: {
    opening: 'opening',
    waiting: 'waiting for data',
    active: 'active',
    frozen: 'frozen',
    released: 'released',
    failed: 'refused',
  } as Words,
  taskState: {
    due: 'to do',
    done: 'done',
    refused: 'refused for good',
    withdrawn: 'withdrawn',
  } as Words,
  task: {
    'instance.create': 'Create',
    'instance.refresh': 'Renew',
    'instance.freeze': 'Freeze',
    'instance.unfreeze': 'Unfreeze',
    'instance.release': 'Release',
    'instance.upgrade': 'Upgrade',
    'license.issue': 'Issue license',
    'license.refresh': 'Renew license',
    'license.freeze': 'Freeze license',
    'license.unfreeze': 'Unfreeze license',
    'license.release': 'Release license',
    'kit.tenant': 'Sync tenant',
    'kit.application': 'Sync application',
    'kit.auth': 'Sync authorizations',
    'kit.org': 'Sync organization',
    'kit.orgs': 'Sync all organizations',
    'order.notify': 'News of the order',
  } as Words,
  usage: {
    recorded: 'recorded',
    sending: 'being sent',
    sent: 'sent, no answer',
    received: 'received',
    abnormal: 'abnormal',
    settled: 'settled',
  } as Words,
  decision: {
    billed: 'It is billed',
    lost: 'It is not billed, and never will be',
    abnormal: 'The console shows it as abnormal',
    retry: 'Report it again, under a new number',
  } as Words,
  settled: { billed: 'as billed', lost: 'as lost' } as Words,
  deadline: {
    wanted: 'wanted by the marketplace',
    latest: 'late already, and may not be billed after this',
    refused: 'too late to be billed for certain, and refused for good after this',
  } as Words,
};

const zh: typeof en = {
  instance: {
    opening: '开通中',
    waiting: '等待资料',
    active: '使用中',
    frozen: '已冻结',
    released: '已释放',
    failed: '已拒绝',
  },
  taskState: { due: '待执行', done: '已完成', refused: '最终被拒', withdrawn: '已撤回' },
  task: {
    'instance.create': '创建',
    'instance.refresh': '续费',
    'instance.freeze': '冻结',
    'instance.unfreeze': '解冻',
    'instance.release': '释放',
    'instance.upgrade': '升级',
    'license.issue': '签发授权',
    'license.refresh': '续期授权',
    'license.freeze': '冻结授权',
    'license.unfreeze': '解冻授权',
    'license.release': '释放授权',
    'kit.tenant': '同步租户',
    'kit.application': '同步应用',
    'kit.auth': '同步授权关系',
    'kit.org': '同步组织',
    'kit.orgs': '同步全部组织',
    'order.notify': '订单通知',
  },
  usage: {
    recorded: '已记录',
    sending: '上报中',
    sent: '已发出，无应答',
    received: '已接收',
    abnormal: '异常',
    settled: '已处理',
  },
  decision: {
    billed: '已计费',
    lost: '未计费，且不会再计费',
    abnormal: '卖家中心显示为异常',
    retry: '以新编号重新上报',
  },
  settled: { billed: '认定已计费', lost: '认定不计费' },
  deadline: {
    wanted: '云商店要求的上报时间',
    latest: '已迟报，此后可能不计费',
    refused: '已不能保证计费，此后将被拒收',
  },
};

export const koogalleryWords = { en, zh };
