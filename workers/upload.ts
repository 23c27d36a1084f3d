/** Uploads an agreement: asks for an authorization (limited), puts the file into OSS, hands the row over to submit. */
import { agreementFileName } from '../src/agreement/file-name.ts';
import {
  parseUploadAuthorization,
  type UploadAuthorization,
} from '../src/alibaba/chatapp/upload-authorization.ts';
import { uploadAgreement } from '../src/alibaba/oss/upload.ts';
import { addJobs } from '../src/queue/add.ts';
import { PRIORITY } from '../src/queue/priority.ts';
import { callLimited, type Step, type StepRun } from './step.ts';

export const uploadStep: Step = {
  operation: 'upload',
  before: 'pending',
  during: 'uploading',
  isExclusive: false,
  isDue: (outcome) => outcome === 'pending' || outcome === 'uploading',
  run,
  // Repeated after a crash between ledger and queue; the job's id and the ledger make that harmless.
  handOver: ({ runtime, data, job }) =>
    addJobs(runtime.queues, 'submit', [data], { priority: job.opts.priority ?? PRIORITY.normal }),
};

async function run(step: StepRun): Promise<void> {
  const { runtime, stored, data } = step;
  // Everything that takes time comes before the pacer: the grant is for now.
  const content = await runtime.store.get(stored.input.sha256);
  const credentials = await runtime.readCredentials();
  const name = agreementFileName(stored.input.sha256);

  let askedAt = 0;
  const answer = await callLimited(uploadStep, step, () => {
    askedAt = Date.now();
    return runtime.chatApp.authorize(credentials, data.custSpaceId);
  });
  const authorization = parseUploadAuthorization(answer.data, askedAt, runtime.endpointRules);
  const { config } = runtime;
  const uploaded = await uploadAgreement(
    authorization,
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
      isvTerms: isvTermsValue(config.CHATAPP_ISV_TERMS_VALUE, authorization, name),
    },
  });
}

/** What the peer gets as `IsvTerms`: documentation says the file name, other readings are a switch away. */
function isvTermsValue(
  kind: 'fileName' | 'objectKey' | 'url',
  authorization: UploadAuthorization,
  name: string,
): string {
  const key = `${authorization.directory}/${name}`;
  if (kind === 'url') return `https://${authorization.bucket}.${new URL(authorization.endpoint).host}/${key}`;
  return kind === 'objectKey' ? key : name;
}
