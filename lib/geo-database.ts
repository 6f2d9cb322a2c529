import { closeSync, openSync, readSync, statSync } from 'node:fs';

const MAX_MEGABYTES = 100;
const MEGABYTE = 1024 ** 2;

/**
 * Before the metadata, which ends the file and has at most 128 KiB.
 * https://maxmind.github.io/MaxMind-DB/#database-metadata
 */
const MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const METADATA_BYTES = 128 * 1024;

/** Why a file can't be the database of countries; undefined if it looks like one. */
export function geoDatabaseFault(path: string): string | undefined {
  try {
    return faultOf(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return `there is no file ${path}: put it there, or name another`;
    return `${path} can't be read (${code}): allow it, or name another file`;
  }
}

function faultOf(path: string): string | undefined {
  const stat = statSync(path);
  if (!stat.isFile()) return `${path} is no file: name the .mmdb file itself`;
  if (stat.size > MAX_MEGABYTES * MEGABYTE) {
    return `${path} has ${Math.ceil(stat.size / MEGABYTE)} MB, at most ${MAX_MEGABYTES} are taken: a database of countries has fewer than 20, one of cities is not needed`;
  }
  if (endOf(path, stat.size).includes(MARKER)) return undefined;
  return `${path} is not in MaxMind's format: unpack the .mmdb file of the download, and name that`;
}

function endOf(path: string, size: number): Buffer {
  const end = Buffer.alloc(Math.min(size, METADATA_BYTES));
  const file = openSync(path, 'r');
  try {
    readSync(file, end, 0, end.length, size - end.length);
    return end;
  } finally {
    closeSync(file);
  }
}
