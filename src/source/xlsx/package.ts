/** The parts of a workbook in its zip, and how they refer to each other (ECMA-376, Part 2). */
import type { Readable } from 'node:stream';
import { type ZipArchive, type ZipEntry, ZipError } from '../zip.ts';
import { damaged, tooLarge } from './refusals.ts';
import { readXml, type XmlHandlers } from './xml.ts';

/** Inflated, of all that is read of one workbook, in bytes: a sheet of a million rows has about 500 MB. */
const INFLATED_BYTES_MAX = 1024 * 1024 * 1024;
/** Inflated, of the lists that are kept whole. */
const LIST_BYTES_MAX = 16 * 1024 * 1024;
const RELATIONS_MAX = 10_000;

export interface Package {
  /** @param what for an error, as `its list of sheets` */
  open(part: string, what: string, bytesMax?: number): Promise<Readable>;
  has(part: string): boolean;
}

export interface Relation {
  id: string;
  /** As `worksheet`. */
  kind: string;
  part: string;
}

/** Names of parts are compared without regard to case. */
const keyOf = (part: string) => part.replace(/^\//, '').toLowerCase();

export function openPackage(zip: ZipArchive): Package {
  const parts = new Map<string, ZipEntry>();
  let budget = INFLATED_BYTES_MAX;
  for (const entry of zip.entries) {
    const key = keyOf(entry.name);
    if (parts.has(key)) throw damaged('its table of contents, which has a part twice,');
    parts.set(key, entry);
  }
  return {
    has: (part) => parts.has(keyOf(part)),
    async open(part, what, bytesMax = INFLATED_BYTES_MAX) {
      const entry = parts.get(keyOf(part));
      if (entry === undefined) throw damaged(what);
      // An entry gives no more than it declares.
      budget -= entry.size;
      if (entry.size > bytesMax || budget < 0)
        throw tooLarge(`${what} has more than ${Math.floor(bytesMax / 1024 / 1024)} MB`);
      return zip.open(entry).catch((error: unknown) => {
        throw error instanceof ZipError ? damaged(what, error) : error;
      });
    },
  };
}

/** Reads a part that is short. */
export async function readList(
  parts: Package,
  { part, what }: { part: string; what: string },
  open: XmlHandlers['open'],
): Promise<void> {
  await readXml(await parts.open(part, what, LIST_BYTES_MAX), what, { open });
}

/** What a part refers to; the empty name stands for the package itself. */
export async function readRelations(parts: Package, of: string): Promise<Relation[]> {
  const folder = of.slice(0, of.lastIndexOf('/') + 1);
  const part = `${folder}_rels/${of.slice(folder.length)}.rels`;
  const relations: Relation[] = [];
  if (!parts.has(part)) return relations;
  await readList(parts, { part, what: 'its list of parts' }, (name, { Id = '', Type = '', Target = '' }) => {
    if (name !== 'Relationship') return;
    if (relations.length >= RELATIONS_MAX) throw tooLarge(`it has more than ${RELATIONS_MAX} parts`);
    relations.push({ id: Id, kind: kindOf(Type), part: resolvePart(folder, Target) });
  });
  return relations;
}

/** A kind is a URI; the strict variant of the format has other ones that end the same. */
const kindOf = (type: string) => type.slice(type.lastIndexOf('/') + 1);

/** `worksheets/sheet1.xml`, `/xl/worksheets/sheet1.xml` and `../xl/…` are all in use. */
function resolvePart(folder: string, target: string): string {
  const path = target.replaceAll('\\', '/');
  const steps: string[] = [];
  for (const step of (path.startsWith('/') ? path : folder + path).split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}
