import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** A link isn't followed, and a pipe without a writer isn't waited for. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** Removed since it was listed; a link; a socket or a device without a driver. */
const NOT_A_FILE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ENODEV']);

const buffer = Buffer.allocUnsafeSlow(256 * 1024);

export type Kind = 'file' | 'folder' | 'neither';

/**
 * Hands a file's content over in chunks, whose memory is used again.
 * @throws the system's error when it is there and can't be read
 */
export function readFile(path: Buffer, push: (chunk: Buffer) => void): Kind {
  const descriptor = open(path);
  if (descriptor === undefined) return 'neither';
  try {
    const status = fstatSync(descriptor);
    if (status.isDirectory()) return 'folder';
    if (!status.isFile()) return 'neither';
    for (;;) {
      const length = readSync(descriptor, buffer);
      if (length === 0) return 'file';
      push(buffer.subarray(0, length));
    }
  } finally {
    closeSync(descriptor);
  }
}

function open(path: Buffer): number | undefined {
  try {
    return openSync(path, FLAGS);
  } catch (error) {
    if (NOT_A_FILE.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
