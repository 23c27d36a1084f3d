/** Drafts on disk: each in a folder of its own, in one of its owner's, for a day. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { addingName, finishAdding, removeLeft } from './adding.ts';
import { type DraftFile, readDraft, writeDraft } from './draft-file.ts';
import { Lines } from './lines.ts';
import { uploadsIn } from './uploads-folder.ts';

export const DRAFT_HOURS = 24;
const KEPT_MS = DRAFT_HOURS * 3_600_000;
/** Of those that are still open: what was registered is only a note until its day is over. */
const DRAFTS_MAX = 20;
const ID_BYTES = 12;
const ID = /^[\w-]{16}$/;
const OWNERS = 'owners';

export interface OpenDraft extends DraftFile {
  folder: string;
  /** The file of customers. */
  table: string;
  agreements: string;
  /** Milliseconds since 1970. */
  expires: number;
}

export type NewDraft = Pick<DraftFile, 'name' | 'options' | 'remarks'>;

export class Drafts {
  readonly #root: string;
  readonly #now: () => number;
  /** Changes of one draft, one after the other. */
  readonly #lines = new Lines();
  /** How many of an owner are on their way. */
  readonly #coming = new Map<string, number>();

  constructor(root: string, now: () => number = Date.now) {
    this.#root = root;
    this.#now = now;
  }

  /** Receives a draft while there is room for it. @throws AppError TOO_MANY_REQUESTS if there is none */
  async whileRoom<T>(owner: string, receive: () => Promise<T>): Promise<T> {
    const coming = this.#coming.get(owner) ?? 0;
    this.#coming.set(owner, coming + 1);
    try {
      await this.#assertRoom(owner, coming);
      return await receive();
    } finally {
      const left = (this.#coming.get(owner) ?? 0) - 1;
      if (left > 0) this.#coming.set(owner, left);
      else this.#coming.delete(owner);
    }
  }

  /** @throws AppError TOO_MANY_REQUESTS if the owner has as many as anybody may */
  async #assertRoom(owner: string, coming = 0): Promise<void> {
    const open = (await this.list(owner)).filter(({ batch }) => batch === undefined);
    if (open.length + coming < DRAFTS_MAX) return;
    throw new AppError('TOO_MANY_REQUESTS', `There are ${DRAFTS_MAX} drafts of yours already.`, {
      hint: 'Register or delete some; each is gone after 24 hours by itself.',
    });
  }

  /**
   * Makes a draft of a folder with `table` and `agreements`, which is moved: so a draft is there as a whole or not at all.
   * @throws AppError TOO_MANY_REQUESTS
   */
  async add(owner: string, folder: string, draft: NewDraft): Promise<OpenDraft> {
    await this.#assertRoom(owner);
    const id = randomBytes(ID_BYTES).toString('base64url');
    await writeDraft(folder, { ...draft, id, created: this.#now(), cells: {}, leftOut: [], revision: 0 });
    await makeFolder(this.#folderOf(owner), 0o700);
    await rename(folder, join(this.#folderOf(owner), id));
    return this.find(owner, id);
  }

  /** The newest first. */
  async list(owner: string): Promise<OpenDraft[]> {
    const ids = await namesIn(this.#folderOf(owner));
    const drafts = await Promise.all(ids.map((id) => this.#open(owner, id)));
    return drafts.flatMap((draft) => draft ?? []).sort((a, b) => b.created - a.created);
  }

  /** @throws AppError DRAFT_UNKNOWN, also for the drafts of others */
  async find(owner: string, id: string): Promise<OpenDraft> {
    const draft = await this.#open(owner, id);
    if (draft !== undefined) return draft;
    throw unknownDraft();
  }

  /**
   * @throws AppError DRAFT_UNKNOWN; BATCH_STATE if a batch was made of it; whatever the change throws: then nothing is changed
   */
  async change(
    owner: string,
    id: string,
    change: (draft: OpenDraft) => Partial<DraftFile> | Promise<Partial<DraftFile>>,
  ): Promise<OpenDraft> {
    return this.#lines.inLine(id, async () => {
      const draft = await this.find(owner, id);
      if (draft.batch !== undefined)
        throw new AppError('BATCH_STATE', `This draft was registered as batch ${draft.batch}.`, {
          hint: 'Upload the file again to register it once more.',
        });
      await keep(draft, { ...(await change(draft)), revision: draft.revision + 1 });
      return this.find(owner, id);
    });
  }

  /**
   * Puts agreements among those of a draft, together with a change: both, or none of it.
   * @param from folder that has nothing else, which is moved
   * @throws AppError as `change`
   */
  async addAgreements(
    { owner, id, from }: { owner: string; id: string; from: string },
    change: (draft: OpenDraft) => Promise<Partial<DraftFile>>,
  ): Promise<OpenDraft> {
    const adding = addingName(randomUUID());
    return this.change(owner, id, async (draft) => {
      const changed = await change(draft);
      await rename(from, join(draft.folder, adding));
      return { ...changed, adding };
    });
  }

  /**
   * Makes a batch of a draft, once. Whoever does so must find that batch again if this process is killed before it is noted.
   * @param register makes it, and returns its id
   * @returns the batch that was made first
   * @throws AppError DRAFT_UNKNOWN; whatever `register` throws: then there is none
   */
  async register(
    owner: string,
    id: string,
    register: (draft: OpenDraft) => Promise<string>,
  ): Promise<{ batch: string; unnoted?: Error }> {
    return this.#lines.inLine(id, async () => {
      const draft = await this.find(owner, id);
      if (draft.batch !== undefined) return { batch: draft.batch };
      const batch = await register(draft);
      try {
        await keep(draft, { batch });
        return { batch };
      } catch (error) {
        // The batch is there, whether or not this is noted.
        return { batch, unnoted: error as Error };
      }
    });
  }

  /** @throws AppError DRAFT_UNKNOWN */
  async remove(owner: string, id: string): Promise<void> {
    await this.#lines.inLine(id, async () => {
      const { folder } = await this.find(owner, id);
      const uploads = uploadsIn(this.#root);
      await makeFolder(uploads, 0o700);
      // Gone as a whole at once; if this process is killed now, it is swept.
      const aside = join(uploads, `gone-${id}`);
      await rename(folder, aside);
      await rm(aside, { recursive: true, force: true });
    });
  }

  /** Whatever has gone wrong with a draft that is gone. @throws AppError DRAFT_UNKNOWN if it was deleted meanwhile */
  async assertThere({ folder }: OpenDraft): Promise<void> {
    if ((await readDraft(folder)) === undefined) throw unknownDraft();
  }

  /** Removes what is older than a day: drafts, and uploads of processes that were killed. */
  async sweep(): Promise<void> {
    const due = this.#now() - KEPT_MS;
    const owners = (await namesIn(join(this.#root, OWNERS))).map((name) => join(this.#root, OWNERS, name));
    for (const parent of [uploadsIn(this.#root), ...owners])
      for (const name of await namesIn(parent)) {
        const folder = join(parent, name);
        const draft = await readDraft(folder).catch(() => undefined);
        const at = draft?.created ?? (await stat(folder).catch(() => undefined))?.mtimeMs ?? due;
        if (at < due) await rm(folder, { recursive: true, force: true });
      }
  }

  async #open(owner: string, id: string): Promise<OpenDraft | undefined> {
    const folder = join(this.#folderOf(owner), id);
    const draft = ID.test(id) ? await readDraft(folder) : undefined;
    if (draft === undefined || draft.created + KEPT_MS <= this.#now()) return undefined;
    const [table] = await namesIn(join(folder, 'table'));
    if (table === undefined) return undefined;
    const paths = { folder, table: join(folder, 'table', table), agreements: join(folder, 'agreements') };
    if (draft.adding !== undefined) await finishAdding(folder, draft.adding, paths.agreements);
    await removeLeft(folder, draft.adding, this.#now());
    return { ...draft, ...paths, expires: draft.created + KEPT_MS };
  }

  /** A user may be called anything; a folder may not. */
  #folderOf(owner: string): string {
    return join(this.#root, OWNERS, createHash('sha256').update(owner).digest('hex').slice(0, 32));
  }
}

const unknownDraft = () => new AppError('DRAFT_UNKNOWN', 'There is no such draft of yours.');

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

async function keep(draft: OpenDraft, change: Partial<DraftFile>): Promise<void> {
  const { folder, table: _table, agreements: _agreements, expires: _expires, ...kept } = draft;
  await writeDraft(folder, { ...kept, ...change });
}
