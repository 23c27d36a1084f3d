/** What the gateway of Chat App refuses before an operation runs: the status and the text of each code. */
import { type Answer, refusal } from './chatapp-answers.ts';

export const GATEWAY_REFUSALS = {
  InvalidParameter: [400, 'The query or the form is not percent-encoded UTF-8.'],
  'InvalidAction.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  MissingAuthorization: [400, 'Authorization is mandatory for this action.'],
  IncompleteSignature: [400, 'The request signature does not conform to Aliyun standards.'],
  InvalidSignatureMethod: [400, 'Specified signature method is not supported.'],
  InvalidVersion: [400, 'Specified parameter Version is not valid.'],
  'InvalidAccessKeyId.NotFound': [404, 'Specified access key is not found.'],
  'InvalidSecurityToken.Malformed': [400, 'Specified SecurityToken is malformed.'],
  'InvalidSecurityToken.MismatchWithAccessKey': [400, 'Specified SecurityToken mismatch with the AccessKey.'],
  // Clients compare what follows the colon with what they have signed themselves, so the text is exact.
  SignatureDoesNotMatch: [
    400,
    'Specified signature is not matched with our calculation. server string to sign is:',
  ],
  'InvalidTimeStamp.Format': [400, 'Specified time stamp or date value is not well formatted.'],
  'InvalidTimeStamp.Expired': [400, 'Specified time stamp or date value is expired.'],
  SignatureNonceUsed: [400, 'Specified signature nonce was used already.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export class GatewayRefusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(String(answer.body.Code));
    this.answer = answer;
  }
}

/** @param detail follows the text */
export function refused(code: keyof typeof GATEWAY_REFUSALS, detail = ''): GatewayRefusal {
  const [status, message] = GATEWAY_REFUSALS[code];
  return new GatewayRefusal(refusal(status, code, `${message}${detail}`));
}

/** `Missing{Name}`, as the gateway says of a parameter of an operation, of its own parameters, and of headers. */
export function missing(name: string): GatewayRefusal {
  return new GatewayRefusal(refusal(400, `Missing${name}`, `${name} is mandatory for this action.`));
}
