/** The signed agreements of an import: a folder, or a zip archive that is unpacked into one for as long as it is needed. */
import { open, stat } from 'node:fs/promises';
import { AppError } from '../errors.ts';
import { type AgreementFolder, openAgreementFolder } from './folder.ts';
import { unpackAgreements } from './unpack.ts';

export type OpenAgreements = AgreementFolder & AsyncDisposable;

const HINT = 'Name the folder of the signed agreements, or a zip of it: --agreements DIR.';
const ZIP_STARTS = ['504b0304', '504b0506'];

/**
 * @param onRemark is told what a person should know about an archive
 * @throws AppError INPUT_UNREADABLE
 */
export async function openAgreements(
  path: string,
  onRemark: (remark: string) => void = () => undefined,
): Promise<OpenAgreements> {
  const facts = await stat(path).catch(() => undefined);
  // What is not there at all is said by the folder.
  if (facts === undefined || facts.isDirectory())
    return { ...(await openAgreementFolder(path)), [Symbol.asyncDispose]: async () => undefined };
  if (!facts.isFile() || !(await isZip(path)))
    throw new AppError('INPUT_UNREADABLE', `${path} is not a folder, and not a zip of one.`, { hint: HINT });
  const unpacked = await unpackAgreements(path, onRemark);
  try {
    const folder = await openAgreementFolder(unpacked.root);
    return { ...folder, [Symbol.asyncDispose]: () => unpacked[Symbol.asyncDispose]() };
  } catch (error) {
    await unpacked[Symbol.asyncDispose]();
    throw error;
  }
}

async function isZip(path: string): Promise<boolean> {
  await using file = await open(path, 'r').catch(() => {
    throw new AppError('INPUT_UNREADABLE', `${path} cannot be read.`, { hint: HINT });
  });
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
  return ZIP_STARTS.includes(buffer.subarray(0, bytesRead).toString('hex'));
}
