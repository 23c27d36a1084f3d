/** Opens a template from anybody: nothing is written anywhere, and what is inflated is bounded before it is. */
import { type FileHandle, open } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { AppError } from '../../errors.ts';
import { quoted } from '../../printable.ts';
import { openZip, type ZipArchive, type ZipEntry, ZipError } from '../../source/zip.ts';
import { isInside, keyOfName } from '../../source/zip-names.ts';
import { type Finding, problem } from './finding.ts';
import { type TemplateFile, type TemplatePackage, toFile } from './template-package.ts';

const ENTRIES_MAX = 10_000;
/** Most bytes that are inflated: more than RFS takes, so that a package that is a little too large is checked too. */
const INFLATED_BYTES_MAX = 4 * 1024 * 1024;
/** RFS: of a path in characters, and of one name in bytes. */
const PATH_LENGTH_MAX = 2048;
const NAME_BYTES_MAX = 255;

export interface ReadPackage {
  /** Undefined if it is no zip, or one that cannot be read. */
  content: TemplatePackage | undefined;
  findings: Finding[];
}

/** @throws AppError INPUT_UNREADABLE if there is no such file */
export async function readPackage(path: string): Promise<ReadPackage> {
  await using file = await open(path, 'r').catch((cause: unknown) => {
    throw new AppError('INPUT_UNREADABLE', `${path} cannot be read.`, { cause });
  });
  const facts = await file.stat();
  if (!facts.isFile()) throw new AppError('INPUT_UNREADABLE', `${path} is not a file.`);
  const kind = await kindOf(file);
  if (kind !== 'zip') return { content: undefined, findings: [problem('format', `This is ${kind}.`)] };
  const findings = /\.zip$/i.test(path) ? [] : [problem('format', 'The name does not end in .zip.')];
  try {
    const zip = await openZip(file, ENTRIES_MAX);
    const content = await readContent(zip, facts.size, findings);
    return { content, findings };
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    return { content: undefined, findings: [...findings, unreadable(error)] };
  }
}

/** What it begins with; only zip archives are read further. */
async function kindOf(file: FileHandle): Promise<string> {
  const { buffer: head, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
  const begins = (text: string, at = 0) =>
    head.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'));
  if (begins('PK\x03\x04') || begins('PK\x05\x06')) return 'zip';
  if (begins('\x1f\x8b')) return 'compressed with gzip, such as a tar.gz';
  if (begins('ustar', 257)) return 'a tar archive';
  return bytesRead === 0 ? 'empty' : 'no zip archive';
}

async function readContent(
  zip: ZipArchive,
  packedBytes: number,
  findings: Finding[],
): Promise<TemplatePackage> {
  const [folders, entries] = [
    zip.entries.filter(({ isFolder }) => isFolder),
    zip.entries.filter(({ isFolder }) => !isFolder),
  ];
  const unpackedBytes = entries.reduce((sum, { size }) => sum + size, 0);
  findings.push(...folders.flatMap(problemsOfName));
  const ordinary = chooseOrdinary(entries, findings);
  const wasInflated = unpackedBytes <= INFLATED_BYTES_MAX;
  const files: TemplateFile[] = [];
  for (const entry of wasInflated ? ordinary : []) {
    const bytes = await readEntry(zip, entry, findings);
    if (bytes !== undefined) files.push(toFile(entry.name, bytes));
  }
  const counts = { fileCount: entries.length, entryCount: zip.entries.length };
  return { packedBytes, unpackedBytes, ...counts, files, wasInflated };
}

async function readEntry(zip: ZipArchive, entry: ZipEntry, findings: Finding[]): Promise<Buffer | undefined> {
  try {
    return await buffer(await zip.open(entry));
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    findings.push(unreadable(error, entry.name));
    return undefined;
  }
}

function unreadable({ message }: ZipError, file?: string): Finding {
  return problem('archive', `It cannot be unpacked: ${message}.`, file === undefined ? {} : { file });
}

function chooseOrdinary(entries: readonly ZipEntry[], findings: Finding[]): ZipEntry[] {
  const known = new Set<string>();
  return entries.filter((entry) => {
    const problems = problemsOfName(entry);
    const key = keyOfName(entry.name);
    if (known.has(key))
      problems.push(problem('file-name', 'It is there more than once.', { file: entry.name }));
    known.add(key);
    if (entry.isEncrypted) problems.push(problem('archive', 'It is encrypted.', { file: entry.name }));
    findings.push(...problems);
    return problems.length === 0;
  });
}

function problemsOfName({ name, isLink, isFolder }: ZipEntry): Finding[] {
  const path = isFolder ? name.slice(0, -1) : name;
  const steps = path.split('/');
  const say = (message: string) => [problem('file-name', message, { file: name })];
  if (isLink) return say('It is a link.');
  if (!isInside(path)) return say('It leads out of the package, or no file system can have it.');
  if (steps.some((step) => step === '' || step === '.')) return say('A step of its path is empty, or ".".');
  if (path.length > PATH_LENGTH_MAX || steps.some((step) => Buffer.byteLength(step) > NAME_BYTES_MAX))
    return say(`Its name is longer than RFS takes: ${quoted(path, 60)}.`);
  return [];
}
