/** The three calls for one customer with the SDKs that this project uses, and nothing around them. */
import { agreementFileName } from '../../src/agreement/file-name.ts';
import { sha256Of } from '../../src/agreement/store.ts';
import { ChatApp } from '../../src/alibaba/chatapp/client.ts';
import { parseUploadAuthorization } from '../../src/alibaba/chatapp/upload-authorization.ts';
import { uploadAgreement } from '../../src/alibaba/oss/upload.ts';
import { makePdf } from '../../test/support/pdf.ts';

const REGION = 'ap-southeast-1';
const TIMEOUT_MS = 15_000;
const content = makePdf(['Agreement of many']);
const name = agreementFileName(sha256Of(content));

/** Who calls, and whom. */
export interface Caller {
  endpoint: string;
  accessKeyId: string;
  accessKeySecret: string;
}

/** As the environment says. */
export const ownCaller = (): Caller => ({
  endpoint: process.env.CHATAPP_ENDPOINT ?? '',
  accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID ?? '',
  accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET ?? '',
});

const idOf = (number: number) => `C${1_000_000 + number}`;

export function threeCallsOf({ endpoint, ...credentials }: Caller) {
  const chatApp = new ChatApp({ account: { endpoint, region: REGION }, timeoutMs: TIMEOUT_MS });
  const authorize = (number: number) => chatApp.authorize(credentials, idOf(number));
  const put = async ({ data }: Awaited<ReturnType<typeof authorize>>): Promise<void> => {
    const target = parseUploadAuthorization(data, { allowedSuffixes: [], allowsLoopback: true });
    const options = { signature: 'v4', region: REGION, timeoutMs: TIMEOUT_MS } as const;
    await uploadAgreement(target, { name, content }, options);
  };
  const submit = (number: number) => {
    const customer = {
      CustSpaceId: idOf(number),
      CustName: `示例公司 ${number}`,
      OfficeAddress: `${number} Main St 杭州`,
      ContactMail: `person${number}@customer.example`,
      CountryId: 'SG',
      BusinessDesc: 'Order updates',
    };
    return chatApp.submit(credentials, customer, name);
  };
  return { authorize, put, submit };
}
