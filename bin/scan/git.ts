import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Refusal } from '../keyctl/refusal.ts';
import { harmless } from '../operator/key-like.ts';

/** A tree may be hostile: nothing that its configuration names is run. */
const NOTHING_OF_ITS_OWN = [
  '--no-pager',
  '--no-optional-locks',
  '--no-replace-objects',
  ...['-c', 'core.fsmonitor=false'],
  ...['-c', 'core.hooksPath=/dev/null'],
  ...['-c', 'log.showSignature=false'],
];
/** The user's own settings. What else begins with GIT_ may lead to another repository than asked. */
const KEPT =
  /^GIT_(CONFIG_(COUNT|GLOBAL|SYSTEM|NOSYSTEM|PARAMETERS|KEY_\d+|VALUE_\d+)|EXEC_PATH|CEILING_DIRECTORIES)$/;
/** How a hook is told which commit is being made. */
const OF_A_HOOK = /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES)$/;

/** Where git is run. */
export interface GitPlace {
  readonly cwd: string;
  /** Whether a hook's variables count. @default false */
  readonly inHook?: boolean;
}

export interface RunningGit {
  readonly child: ChildProcessWithoutNullStreams;
  /** @throws GitFailure, Refusal GIT_MISSING */
  readonly done: Promise<void>;
}

/** Git ended with an error; the message is git's own first line, made harmless. */
export class GitFailure extends Error {
  readonly exitCode: number | null;

  constructor(exitCode: number | null, stderr: string) {
    const line = harmless(stderr.trim().split('\n')[0] ?? '');
    super(line.slice(0, 300) || 'it gave no reason');
    this.exitCode = exitCode;
  }
}

export function startGit({ cwd, inHook }: GitPlace, args: readonly string[]): RunningGit {
  const env = environmentOf(process.env, inHook === true);
  const child = spawn('git', [...NOTHING_OF_ITS_OWN, ...args], { cwd, env });
  // It may end before it has read everything.
  child.stdin.on('error', () => {});
  const done = ended(child);
  // Whoever reads its output may fail first.
  done.catch(() => {});
  return { child, done };
}

/** All that git writes. @throws as RunningGit */
export async function git(place: GitPlace, args: readonly string[]): Promise<Buffer> {
  const { child, done } = startGit(place, args);
  child.stdin.end();
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await done;
  return Buffer.concat(chunks);
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<void> {
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < 4096) stderr += text;
  });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new GitFailure(code, stderr);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? missing(error) : error;
  }
}

const missing = (cause: unknown) =>
  new Refusal(
    'GIT_MISSING',
    'Git is not installed, or not on the PATH, so neither what it ignores nor the history is known. Install it; or search all files and no history: --no-history',
    { cause },
  );

/** English messages, no prompt, no network: a partial clone would fetch what it lacks. */
function environmentOf(variables: NodeJS.ProcessEnv, inHook: boolean): NodeJS.ProcessEnv {
  const kept = Object.entries(variables).filter(
    ([name]) => !name.startsWith('GIT_') || KEPT.test(name) || (inHook && OF_A_HOOK.test(name)),
  );
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}
