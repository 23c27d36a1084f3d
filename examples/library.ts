/**
 * Registers a file of customers from a program of one's own: workers, import, progress and proof in one process.
 * Usage: node library.js FILE AGREEMENTS RESULTS, with REDIS_URL, CHATAPP_ENDPOINT and an access key in the environment.
 */
import { createOnboarding } from 'isv-onboarding';

const [path = 'customers.csv', agreements = 'signed', directory = 'results'] = process.argv.slice(2);

const onboarding = createOnboarding({
  redisUrl: process.env.REDIS_URL,
  chatApp: { endpoint: process.env.CHATAPP_ENDPOINT },
  agreementStore: { place: process.env.AGREEMENT_STORE },
  accounts: [
    {
      name: 'default',
      // The names of two variables, not their values: the key is read when it is needed and never kept.
      credentials: {
        type: 'env',
        accessKeyId: 'ALIBABA_CLOUD_ACCESS_KEY_ID',
        accessKeySecret: 'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
      },
    },
  ],
  logLevel: 'warn',
});

try {
  await onboarding.startWorkers();
  const { batchId } = await onboarding.import({ from: { path }, agreements, by: 'nightly import' });
  for await (const { progress, heldBy } of onboarding.follow(batchId))
    console.error(
      `${progress.done} of ${progress.total}`,
      ...heldBy.map(({ reason, hint }) => `${reason}: ${hint}`),
    );
  for (const { kind, rows, path: file } of await onboarding.writeResultFiles(batchId, { directory }))
    console.log(`${kind}: ${rows} rows in ${file}`);
} finally {
  await onboarding.close();
}
