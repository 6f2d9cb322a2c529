import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

export interface LargeTree {
  readonly path: string;
  remove(): void;
}

export interface Size {
  readonly files: number;
  /** Of a file on average. */
  readonly bytes: number;
  /** After the first one. */
  readonly commits: number;
  /** Files that each of them changes. */
  readonly changed: number;
}

/** The same numbers from the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const WORDS =
  'const return function value error await import from export class number string key 0 1 42 { } ( ) => ; = .'.split(
    ' ',
  );

/** Lines as of source code, with hashes among them as in lock files. */
function sourceText(length: number, below: (limit: number) => number): Buffer {
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => below(16).toString(16)).join('');
  let text = '';
  while (text.length < length) {
    const line = Array.from({ length: 3 + below(9) }, () => WORDS[below(WORDS.length)]).join(' ');
    const hash = below(60) === 0 ? ` "${hex([32, 40, 64][below(3)] ?? 32)}"` : '';
    text += `${line}${hash}\n`;
  }
  return Buffer.from(text);
}

const POOL = 8_000_000;

/** What `git fast-import` reads: each content is a piece of one pool, every 50th isn't text. */
function* history({ files, bytes, commits, changed }: Size, seed: number) {
  const below = numbers(seed);
  const pool = sourceText(POOL, below);
  const binary = Buffer.from(Array.from({ length: 1_000_000 }, () => below(256)));
  const content = (file: number) => {
    const from = file % 50 === 49 ? binary : pool;
    // Most files are small, a few are large: the mean of the cubes is a quarter.
    const length = Math.min(from.length, 1 + Math.floor(4 * bytes * (below(10_000) / 10_000) ** 3));
    const at = below(from.length - length + 1);
    return Buffer.concat([Buffer.from(`// ${file}\n`), from.subarray(at, at + length)]);
  };
  const modify = (file: number) => {
    const its = content(file);
    const path = `folder-${file % 400}/file-${file}.ts`;
    const head = Buffer.from(`M 100644 inline ${path}\ndata ${its.length}\n`);
    return Buffer.concat([head, its, Buffer.from('\n')]);
  };
  for (let commit = 0; commit <= commits; commit += 1) {
    const at = 1_785_000_000 + commit * 3600;
    yield Buffer.from(
      `commit refs/heads/main\ncommitter Ann <ann@example.com> ${at} +0000\ndata 6\nCommit\n`,
    );
    const count = commit === 0 ? files : changed;
    for (let i = 0; i < count; i += 1) yield modify(commit === 0 ? i : below(files));
  }
}

/** A repository and its working files in a temporary folder; the same seed makes the same one. */
export async function makeLargeTree(size: Size, seed: number): Promise<LargeTree> {
  const path = mkdtempSync(join(tmpdir(), 'amplitude-keys-scan-'));
  const remove = () => rmSync(path, { recursive: true, force: true });
  try {
    await git(path, ['init', '--quiet', '--initial-branch=main', '.']);
    // Sooner made; a repository of years is packed better, and its contents take longer to unpack.
    const quickly = ['-c', 'core.compression=1', 'fast-import', '--quiet', '--depth=4'];
    await git(path, quickly, history(size, seed));
    await git(path, ['reset', '--quiet', '--hard']);
    return { path, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

async function git(cwd: string, args: readonly string[], input: Iterable<Buffer> = []) {
  const child = spawn('git', args, { cwd, stdio: ['pipe', 'ignore', 'inherit'] });
  Readable.from(input).pipe(child.stdin);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`git ${args[0]} ended with ${code}`);
}
