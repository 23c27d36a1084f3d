/**
 * What to do, in words of the console: where the server's hint is for somebody at a shell, and the console has a button or
 * a page for it. Others are the server's, and English.
 */
import type { HoldReason } from '../api/types.ts';
import { batch } from './batch.ts';
import { draft } from './draft.ts';
import { home } from './home.ts';
import { shell } from './shell.ts';

/** By what holds rows. That of a breaker is said after the server's, which knows what Alibaba Cloud refuses. */
type HoldHints = Record<HoldReason, string>;

/** In a hint of the server: what only somebody with a shell or a program can do. */
export const NOT_FOR_HERE = /`onboard |--[a-z]|agreements folder|openapi/;

interface Buttons {
  resumeAccount: string;
  home: string;
  resume: string;
  priority: string;
  tryAgain: string;
  retryRow: string;
  newImport: string;
  customers: string;
  doctor: string;
  koogallery: string;
  purge: string;
  older: string;
}

function buttonsIn(language: 'en' | 'zh'): Buttons {
  return {
    resumeAccount: home[language].resume,
    home: shell[language].nav.home,
    resume: batch[language].resume,
    priority: batch[language].priority,
    tryAgain: batch[language].tryAgain,
    retryRow: batch[language].retryRow,
    newImport: shell[language].nav.newImport,
    customers: shell[language].nav.customers,
    doctor: shell[language].nav.doctor,
    koogallery: shell[language].nav.koogallery,
    purge: batch[language].purge,
    older: batch[language].evenIfSuperseded,
  };
}

const inEnglish = (to: Buttons) => {
  const again = `Press “${to.tryAgain}”, here or later.`;
  const settle = `Ask Alibaba Cloud whether it arrived. Then open the row, and press “${batch.en.settleSubmitted}” or “${batch.en.settleFailed}”.`;
  return {
    hold: {
      noWorker: 'Start one on a machine of the installation: `onboard worker`.',
      workersInTrouble: 'A worker continues by itself when its trouble is over; its log says more.',
      ledgerWentBack: 'A backup of Redis was put back. Somebody with a shell has to recover the account.',
      ledgerEmpty:
        'If Redis was lost, its backup has to be put back; without one, customers who were submitted are sent again when they are imported. If another installation has this account in the same agreement store, nothing is lost. Somebody with a shell has to decide, and recover the account.',
      accountPaused: `To continue, an operator presses “${to.resumeAccount}” at “${to.home}”.`,
      batchPaused: `Once the cause is mended, an operator presses “${to.resume}” on its page.`,
      leadsPaused: 'Resume the batch that they wait for, on its page; or cancel it.',
      breaker: `Then press “${to.resumeAccount}” at “${to.home}”, or wait: it is tried again now and then.`,
      outage: 'Nothing to do: sending resumes by itself.',
      notBefore: 'Nothing to do: it starts by itself.',
      batchesAhead: `Nothing to do: its turn comes. “${to.priority}” on its page lets it go sooner.`,
      rowsWait: `They continue when those batches are done with them; “${to.home}” shows if one is paused.`,
    } satisfies HoldHints,
    code: {
      PEER_UNAVAILABLE: `Alibaba Cloud had a problem of its own. ${again}`,
      PEER_UNREACHABLE: `Have the network of the workers, its proxy and CHATAPP_ENDPOINT checked. ${again}`,
      AUTHORIZATION_INVALID: `${again} If it fails once more, ask Alibaba Cloud support.`,
      UPLOAD_CORRUPTED: `${again} If it fails once more, have a proxy looked for that alters uploads.`,
      DEADLINE_EXCEEDED: `It was tried for as long as ONBOARD_DEADLINE_HOURS says. ${again}`,
      WORKER_LOST: `Have the logs of the workers looked at for why they died on this row. ${again}`,
      NEVER_SUBMITTED: `Another row with the same data was never submitted. ${again}`,
      SUBMIT_OUTCOME_UNKNOWN: settle,
      SETTLED_AS_FAILED: `Somebody found out that it had not arrived. ${again}`,
      CUSTOMER_PARKED: `An earlier row of this customer is undecided: “${to.customers}” shows which. ${settle}`,
      CUSTOMER_UNPARKED: `Nothing is in its way any more. ${again}`,
      SUPERSEDED: `Nothing to do if the newer data is right. Otherwise open the row and press “${to.retryRow}” with “${to.older}”.`,
      REVIEW_REFUSED: `“${to.customers}” shows what was submitted.`,
      AGREEMENT_MISSING: 'Drop the PDF onto its row, or correct its name.',
      AGREEMENT_OUTSIDE: 'Drop the PDF onto its row, or write only the name of the file.',
      INPUT_ENCODING: `Choose its encoding at “${draft.en.reading}”, or save the file as UTF-8.`,
      INPUT_HEADER: `Match the columns at “${draft.en.reading}”, or rename them in the file.`,
      BATCH_UNKNOWN: `It may have been purged. “${to.home}” lists those that are there.`,
      CUSTOMER_UNKNOWN: `Check the ID and the account.`,
      BATCH_STATE: 'Its page shows where it stands.',
      ROW_STATE: 'The row shows where it stands; somebody else may have been faster.',
      REDIS_FULL: `Have maxmemory of Redis raised, or press “${to.purge}” on finished batches; what was confirmed is kept.`,
      NOT_DURABLE_YET: `“${to.doctor}” examines the disk and the replicas of Redis. Look whether it was done, and repeat it if not.`,
      CHANNEL_UNKNOWN: `“${to.koogallery}” lists those that there are.`,
      INSTANCE_UNKNOWN: 'Check its ID and the channel.',
      USAGE_UNKNOWN: 'Check its ID and the channel.',
      USAGE_STATE: 'The list shows where it stands; somebody else may have been faster.',
      REQUEST_INVALID: 'Correct what is named.',
    } as Record<string, string>,
  };
};

const inChinese = (to: Buttons): ReturnType<typeof inEnglish> => {
  const again = `请点击“${to.tryAgain}”，现在或稍后均可。`;
  const settle = `请向阿里云核实是否已送达，然后打开该行，点击“${batch.zh.settleSubmitted}”或“${batch.zh.settleFailed}”。`;
  return {
    hold: {
      noWorker: '请在部署机器上启动 worker：`onboard worker`。',
      workersInTrouble: '故障消除后 worker 会自动继续，详情见其日志。',
      ledgerWentBack: 'Redis 恢复了较早的备份。需由运维人员在部署机器上执行账号恢复。',
      ledgerEmpty:
        '若 Redis 数据已丢失，请先恢复其备份；没有备份时，再次导入的客户会被再次提交。若另一套部署在同一协议存储中使用相同账号名，则没有数据丢失。需由运维人员判断，并在部署机器上执行账号恢复。',
      accountPaused: `由操作员在“${to.home}”点击“${to.resumeAccount}”即可继续。`,
      batchPaused: `原因消除后，由操作员在该批次页面点击“${to.resume}”。`,
      leadsPaused: '请在所等待批次的页面将其恢复或取消。',
      breaker: `处理后在“${to.home}”点击“${to.resumeAccount}”，或等待系统定期重试。`,
      outage: '无需处理，会自动恢复发送。',
      notBefore: '无需处理，到时自动开始。',
      batchesAhead: `无需处理，会按顺序执行。在其页面设置“${to.priority}”可提前。`,
      rowsWait: `那些批次处理完后会自动继续；“${to.home}”会显示是否有批次被暂停。`,
    },
    code: {
      PEER_UNAVAILABLE: `阿里云自身出现问题。${again}`,
      PEER_UNREACHABLE: `请检查 worker 的网络、代理以及 CHATAPP_ENDPOINT。${again}`,
      AUTHORIZATION_INVALID: `${again}若再次失败，请联系阿里云支持。`,
      UPLOAD_CORRUPTED: `${again}若再次失败，请检查是否有代理改动了上传内容。`,
      DEADLINE_EXCEEDED: `已按 ONBOARD_DEADLINE_HOURS 的时限尝试。${again}`,
      WORKER_LOST: `请查看 worker 的日志，了解其在该行退出的原因。${again}`,
      NEVER_SUBMITTED: `另一行的相同数据从未提交。${again}`,
      SUBMIT_OUTCOME_UNKNOWN: settle,
      SETTLED_AS_FAILED: `已有人确认其未送达。${again}`,
      CUSTOMER_PARKED: `该客户较早的一行尚未确认，可在“${to.customers}”中查看。${settle}`,
      CUSTOMER_UNPARKED: `已没有其他行妨碍它。${again}`,
      SUPERSEDED: `若较新的数据正确，则无需处理；否则请打开该行，点击“${to.retryRow}”并勾选“${to.older}”。`,
      REVIEW_REFUSED: `可在“${to.customers}”中查看提交的内容。`,
      AGREEMENT_MISSING: '请将 PDF 拖放到该行，或修正文件名。',
      AGREEMENT_OUTSIDE: '请将 PDF 拖放到该行，或只填写文件名。',
      INPUT_ENCODING: `请在“${draft.zh.reading}”中选择编码，或将文件另存为 UTF-8。`,
      INPUT_HEADER: `请在“${draft.zh.reading}”中匹配各列，或在文件中修改列名。`,
      BATCH_UNKNOWN: `该批次可能已被清除，“${to.home}”列出现有批次。`,
      CUSTOMER_UNKNOWN: '请检查 ID 和账号。',
      BATCH_STATE: '请在其页面查看当前状态。',
      ROW_STATE: '请查看该行的当前状态，可能已有他人处理。',
      REDIS_FULL: `请提高 Redis 的 maxmemory，或对已完成的批次点击“${to.purge}”；已确认的数据会保留。`,
      NOT_DURABLE_YET: `“${to.doctor}”可检查 Redis 的磁盘和副本。请查看是否已完成，若未完成请重试。`,
      CHANNEL_UNKNOWN: `“${to.koogallery}”列出现有渠道。`,
      INSTANCE_UNKNOWN: '请检查其 ID 和渠道。',
      USAGE_UNKNOWN: '请检查其 ID 和渠道。',
      USAGE_STATE: '请在列表中查看当前状态，可能已有他人处理。',
      REQUEST_INVALID: '请修正所指出的内容。',
    },
  };
};

export const hints = { en: inEnglish(buttonsIn('en')), zh: inChinese(buttonsIn('zh')) };
