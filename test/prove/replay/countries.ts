import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { geoDatabase, inCountry } from '../../geo-database.ts';
import { COUNTRIES } from './account/places.ts';

/** A database of the account's small internet, for as long as something is done with its path. */
export async function withCountries<Done>(work: (path: string) => Promise<Done>): Promise<Done> {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  try {
    const path = join(folder, 'countries.mmdb');
    const networks = COUNTRIES.map(([block, country]) => [block, inCountry(country)]);
    writeFileSync(path, geoDatabase(Object.fromEntries(networks)));
    return await work(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
