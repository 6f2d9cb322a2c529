import { setImmediate as breathe } from 'node:timers/promises';
import type { Find, Searched, Unsearched } from './find.ts';
import { KeySearch, type Known, searchIn } from './key-search.ts';
import { LineCount } from './line-count.ts';
import { join, type ListingOptions, listingOf } from './listing.ts';
import { type Kind, readFile } from './open-file.ts';
import { shownPath } from './shown-path.ts';

/** Says how far it is; may be called often. */
export type Tell = (count: number, bytes: number) => void;

export interface SearchedFiles extends Searched {
  /** Repositories within: their files were searched, their histories weren't. */
  readonly repositories: readonly string[];
}

/** Between two of them the terminal is drawn and an interrupt is heard. */
const BREATH_MS = 50;

/** Searches the files of a tree: their contents and their names. */
export class FileSearch {
  readonly #root: Buffer;
  readonly #known: Known;
  readonly #options: ListingOptions;
  readonly #tell: Tell;
  readonly #finds: Find[] = [];
  readonly #unsearched: Unsearched[] = [];
  readonly #repositories: string[] = [];
  #count = 0;
  #bytes = 0;
  #breath = performance.now();

  constructor(root: Buffer, known: Known, options: ListingOptions, tell: Tell) {
    this.#root = root;
    this.#known = known;
    this.#options = options;
    this.#tell = tell;
  }

  /** Names below the root, and whatever is in those that are folders. */
  async run(names: readonly Buffer[]): Promise<SearchedFiles> {
    const folders = await this.#searchAll(names);
    for (let folder = folders.pop(); folder; folder = folders.pop()) {
      const its = folder;
      const inside = await this.#listed(its);
      folders.push(...(await this.#searchAll(inside.map((name) => join(its, name)))));
    }
    return {
      finds: this.#finds,
      unsearched: this.#unsearched,
      count: this.#count,
      bytes: this.#bytes,
      repositories: this.#repositories,
    };
  }

  async #listed(folder: Buffer): Promise<readonly Buffer[]> {
    try {
      const { names, isRepository } = await listingOf(join(this.#root, folder), this.#options);
      if (isRepository) this.#repositories.push(this.#shown(folder));
      return names;
    } catch (error) {
      this.#leaveOut(folder, error);
      return [];
    }
  }

  /** Answers those that are folders. */
  async #searchAll(paths: readonly Buffer[]): Promise<Buffer[]> {
    const folders: Buffer[] = [];
    for (const path of paths) {
      if (this.#search(path) === 'folder') folders.push(path);
      if (performance.now() - this.#breath > BREATH_MS) {
        this.#tell(this.#count, this.#bytes);
        await breathe();
        this.#breath = performance.now();
      }
    }
    return folders;
  }

  #search(path: Buffer): Kind {
    const search = new KeySearch(this.#known);
    try {
      const kind = readFile(join(this.#root, path), (chunk) => {
        this.#bytes += chunk.length;
        search.push(chunk);
      });
      if (kind === 'file') this.#look(path, search);
      return kind;
    } catch (error) {
      this.#leaveOut(path, error);
      return 'neither';
    }
  }

  #look(path: Buffer, search: KeySearch): void {
    this.#count += 1;
    for (const { fingerprint, times } of searchIn(path, this.#known)) {
      this.#finds.push({ fingerprint, times, where: 'file name', path: this.#shown(path) });
    }
    for (const { fingerprint, offset, times } of search.end()) {
      const lines = new LineCount(offset);
      readFile(join(this.#root, path), (chunk) => lines.push(chunk));
      const at = { where: 'file', path: this.#shown(path), ...lines.end() } as const;
      this.#finds.push({ fingerprint, times, ...at });
    }
  }

  #leaveOut(path: Buffer, error: unknown): void {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    this.#unsearched.push({ what: this.#shown(path), message: `It can't be read (${code}).` });
  }

  readonly #shown = (path: Buffer) => shownPath(path, this.#known);
}
