import { chmodSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { geoDatabaseFault } from '../../lib/geo-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'geo-database-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const file = (name: string, ...parts: (Buffer | string)[]) => {
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat(parts.map((part) => Buffer.from(part))));
  return path;
};
const KIB = Buffer.alloc(1024, 'x');

describe('a file for a database of countries', () => {
  it('is taken that has the mark of the metadata within the last 128 KiB', () => {
    expect(geoDatabaseFault(file('short.mmdb', MARKER))).toBeUndefined();
    const metadata = Buffer.concat(new Array(127).fill(KIB));
    expect(geoDatabaseFault(file('long.mmdb', KIB, KIB, MARKER, metadata))).toBeUndefined();
  });

  it.each([
    ['empty', ''],
    ['a page of HTML', '<html>MaxMind.com</html>'],
    ['an archive that is still packed', '\x1f\x8b GeoLite2-Country.mmdb'],
    ['cut off at its end', Buffer.concat([MARKER, ...new Array(129).fill(KIB)])],
  ])('is none that is %s', (name, content) => {
    const path = file(`${name}.mmdb`, content);
    expect(geoDatabaseFault(path)).toBe(
      `${path} is not in MaxMind's format: unpack the .mmdb file of the download, and name that`,
    );
  });

  it('is none that is missing, or a folder', () => {
    const path = join(folder, 'none.mmdb');
    expect(geoDatabaseFault(path)).toBe(`there is no file ${path}: put it there, or name another`);
    expect(geoDatabaseFault(folder)).toBe(`${folder} is no file: name the .mmdb file itself`);
  });

  it('is none within what is a file itself', () => {
    const path = join(file('plain', 'x'), 'countries.mmdb');
    expect(geoDatabaseFault(path)).toBe(
      `${path} can't be read (ENOTDIR): allow it, or name another file`,
    );
  });

  it.skipIf(process.getuid?.() === 0)('is none that nobody lets us read', () => {
    const path = file('locked.mmdb', MARKER);
    chmodSync(path, 0o000);
    expect(geoDatabaseFault(path)).toContain("can't be read (EACCES)");
  });

  it('has at most 100 MB, which is not read to know it', () => {
    const path = file('huge.mmdb', MARKER);
    truncateSync(path, 100 * 1024 ** 2 + 1);
    expect(geoDatabaseFault(path)).toBe(
      `${path} has 101 MB, at most 100 are taken: a database of countries has fewer than 20, one of cities is not needed`,
    );
  });
});
