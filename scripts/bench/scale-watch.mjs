/**
 * Loaded into a worker that is measured: writes down when each limited call leaves, at the moment at which its bytes are
 * given to the network, and tells on SIGUSR2 how much memory is left in use. Costs about 10 µs a call.
 */
import { openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';

const OPERATIONS = { GetChatappUploadAuthorization: 'authorize', SubmitIsvCustomerTerms: 'submit' };
const { SCALE_DEPARTURES: file = '', SCALE_SNAPSHOT: snapshot } = process.env;
const output = openSync(`${file}.${process.pid}`, 'a');
// Both ways to write, of one piece and of many, end here.
const socket = /** @type {any} */ (Socket.prototype);
const write = socket._writeGeneric;

socket._writeGeneric = function noteAndWrite(
  /** @type {boolean} */ isMany,
  /** @type {any} */ data,
  /** @type {unknown[]} */ ...rest
) {
  const first = isMany ? data[0]?.chunk : data;
  if (first?.length > 100) note(String(first));
  return write.call(this, isMany, data, ...rest);
};

function note(/** @type {string} */ head) {
  const action = /x-acs-action: (\w+)/.exec(head)?.[1] ?? '';
  if (!(action in OPERATIONS)) return;
  const operation = OPERATIONS[/** @type {keyof typeof OPERATIONS} */ (action)];
  const key = /Credential=(\w+)/.exec(head)?.[1];
  const subject = /[?&]CustSpaceId=(\w+)/.exec(head)?.[1];
  writeSync(output, `${performance.timeOrigin + performance.now()} ${operation} ${key} ${subject}\n`);
}

process.on('SIGUSR2', () => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  if (snapshot) writeHeapSnapshot(snapshot);
  process.stderr.write(`memory ${JSON.stringify(process.memoryUsage())}\n`);
});
