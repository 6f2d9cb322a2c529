import { readFileSync } from 'node:fs';
import type { Countries } from '../domain/access-guard/risk/ports.ts';
import type { Clock } from '../domain/ports.ts';
import { CountryDatabase, Unreadable } from './country-database.ts';

const DAY = 86_400_000;
/** Vendors publish one every week or month: what is older tells of networks that have moved. */
const OLD_AFTER_DAYS = 60;

/**
 * The database of countries, read at once and whole. Nothing is thrown: what is wrong with it is
 * `missing`, since a guard that doesn't know countries is better than none.
 * @param path of the file; empty: none was supplied
 */
export const geoDatabase = (path: string | undefined, clock: Clock): Countries =>
  path
    ? new GeoDatabase(path, () => readFileSync(path), clock)
    : { countryOf: () => undefined, missing: 'no database was supplied' };

export class GeoDatabase implements Countries {
  readonly #path: string;
  readonly #clock: Clock;
  #database: CountryDatabase | undefined;
  #wrong = '';

  constructor(path: string, read: () => Buffer, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
    this.#database = this.#tried(() => new CountryDatabase(read()));
  }

  countryOf(address: string): string | undefined {
    return this.#tried(() => this.#database?.countryOf(address));
  }

  /** What is damaged in one place isn't believed in any other. */
  #tried<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      this.#database = undefined;
      this.#wrong = wordsOf(error);
      return undefined;
    }
  }

  get builtAt(): Date | undefined {
    return this.#database?.builtAt;
  }

  get missing(): string | undefined {
    return this.#database
      ? undefined
      : `the database ${this.#path} can't be read (${this.#wrong}): supply another and deploy`;
  }

  get note(): string | undefined {
    if (!this.#database) return undefined;
    const age = this.#ageTold();
    return age && `the database ${this.#path} ${age}: supply a newer one and deploy`;
  }

  #ageTold(): string | undefined {
    const { builtAt } = this;
    if (!builtAt) return "doesn't say when it was made";
    const isOld = this.#clock.now().getTime() - builtAt.getTime() > OLD_AFTER_DAYS * DAY;
    const day = builtAt.toISOString().slice(0, 10);
    return isOld ? `is of ${day}, more than ${OLD_AFTER_DAYS} days old` : undefined;
  }
}

/** The library's words are for those who know the format. */
function wordsOf(error: unknown): string {
  if (error instanceof Unreadable) return error.message;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall && code ? code : 'it is damaged';
}
