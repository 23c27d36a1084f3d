/** Uploads an agreement: asks for an authorization (limited), puts the file into OSS, hands the row over to submit. */
import { agreementFileName } from '../src/agreement/file-name.ts';
import { parseUploadAuthorization } from '../src/alibaba/chatapp/upload-authorization.ts';
import { uploadAgreement } from '../src/alibaba/oss/upload.ts';
import { isvTermsValue } from '../src/alibaba/oss/upload-target.ts';
import { addJobs } from '../src/queue/add.ts';
import { PRIORITY } from '../src/queue/priority.ts';
import { callLimited } from './call-limited.ts';
import { callPeer } from './peer-call.ts';
import { readAgreement } from './read-agreement.ts';
import type { Step, StepRun } from './step.ts';

export const uploadStep: Step = {
  name: 'upload',
  before: 'pending',
  during: 'uploading',
  isExclusive: false,
  isDue: (outcome) => outcome === 'pending' || outcome === 'uploading',
  perform,
  // Repeated after a crash between ledger and queue; the job's id and the ledger make that harmless.
  handOver: (run) => addJobs(run.account.queues, 'submit', [run.data], { priority: priorityOf(run) }),
};

/** A redrive has one of its own; that of a batch may have changed since the job was made. */
function priorityOf({ job, stored, data }: StepRun): number {
  const ofBatch = data.redrive === 0 ? stored.priority : 0;
  return ofBatch || job.opts.priority || PRIORITY.normal;
}

async function perform(run: StepRun): Promise<void> {
  const { account, stored, data } = run;
  const { sha256 } = stored.input;
  // Everything that takes time comes before the pacer: the slot is soon.
  const content = await readAgreement(run, sha256);
  const credentials = await account.readCredentials();
  const name = agreementFileName(sha256);
  const { answer } = await callLimited(uploadStep, run, (leave) =>
    account.chatApp.authorize(credentials, data.custSpaceId, leave),
  );
  const authorization = parseUploadAuthorization(answer.data, account.endpointRules);
  account.machine.addresses.oss = authorization.endpoint;
  const { oss, chatApp, proxy } = account.settings;
  const { signature, timeoutMs, region = account.account.region } = oss;
  const refusesSimulators = account.account.peer === 'real';
  const uploaded = await callPeer(run, 'put', () =>
    uploadAgreement(
      authorization,
      { name, content },
      { signature, timeoutMs, region, proxy, refusesSimulators },
    ),
  );
  await account.ledger.transition({
    ...data,
    to: 'uploaded',
    patch: {
      tries: 0,
      authorizeRequestId: answer.requestId,
      putRequestId: uploaded.requestId,
      isvTerms: isvTermsValue(chatApp.isvTermsValue, authorization, name),
    },
  });
}
