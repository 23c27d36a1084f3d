/** Small texts that an agreement store keeps beside the agreements: what it says of itself. */

export interface StoreNote {
  text: string;
  /** When it was written, in milliseconds since 1970 on the clock of the store. */
  at: number;
}

export interface StoreNotes {
  /** @returns undefined if there is none of this name. @throws AppError STORE_UNREACHABLE */
  read(name: string): Promise<StoreNote | undefined>;
  /** Writes it unless there is one: of several writers at once, one succeeds. @throws AppError STORE_UNREACHABLE */
  create(name: string, text: string): Promise<void>;
  /** Writes it, whatever was there: a reader sees either text whole. @throws AppError STORE_UNREACHABLE */
  replace(name: string, text: string): Promise<void>;
  /** The names of the notes in a folder, without the folder. @throws AppError STORE_UNREACHABLE */
  list(folder: string): Promise<string[]>;
}
