/** Uploads an agreement: asks for an authorization (limited), puts the file into OSS, hands the row over to submit. */
import { agreementFileName } from '../src/agreement/file-name.ts';
import { parseUploadAuthorization } from '../src/alibaba/chatapp/upload-authorization.ts';
import { uploadAgreement } from '../src/alibaba/oss/upload.ts';
import { isvTermsValue } from '../src/alibaba/oss/upload-target.ts';
import { addSubmit, PRIORITY } from '../src/queue/queues.ts';
import { callLimited, type Step, type StepRun } from './step.ts';

export const uploadStep: Step = {
  operation: 'authorize',
  before: 'pending',
  during: 'uploading',
  isExclusive: false,
  isDue: (outcome) => outcome === 'pending' || outcome === 'uploading',
  run,
  // Repeated after a crash between ledger and queue; the job's id and the ledger make that harmless.
  handOver: ({ runtime, data, job }) => addSubmit(runtime.queues, data, job.opts.priority ?? PRIORITY.normal),
};

async function run(step: StepRun): Promise<void> {
  const { runtime, stored, data } = step;
  // Everything that takes time comes before the pacer: the grant is for now.
  const content = await runtime.store.get(stored.input.sha256);
  const credentials = await runtime.readCredentials();
  const name = agreementFileName(stored.input.sha256);

  const answer = await callLimited(uploadStep, step, () =>
    runtime.chatApp.authorize(credentials, data.custSpaceId),
  );
  const target = parseUploadAuthorization(answer.data, runtime.endpointRules);
  const { config } = runtime;
  const uploaded = await uploadAgreement(
    target,
    { name, content },
    {
      signature: config.OSS_SIGNATURE,
      region: config.OSS_REGION ?? runtime.account.region,
      timeoutMs: config.OSS_TIMEOUT_MS,
    },
  );
  await runtime.ledger.transition({
    ...data,
    to: 'uploaded',
    patch: {
      tries: 0,
      authorizeRequestId: answer.requestId,
      putRequestId: uploaded.requestId,
      isvTerms: isvTermsValue(config.CHATAPP_ISV_TERMS_VALUE, target, name),
    },
  });
}
