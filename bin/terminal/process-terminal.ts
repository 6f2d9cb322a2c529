import { confirm, isCancel, password, spinner, text } from '@clack/prompts';
import pc from 'picocolors';
import { Refusal } from '../keyctl/refusal.ts';
import type { Progress, Terminal } from './terminal.ts';

const { stdin, stdout, stderr, env } = process;
/** A key has 32 characters; whoever pipes a file in by mistake is stopped early. */
const MAX_INPUT = 64 * 1024;

/** The terminal or the pipes this process was started with. Prompts go to stderr: stdout is for results. */
export function processTerminal(): Terminal {
  const interactive = stdin.isTTY === true && stderr.isTTY === true;
  const errorPaint = paintFor(stderr);
  // Whoever reads may leave early (| head); the command still finishes its work.
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  return {
    columns: Number(env.COLUMNS) || stdout.columns || 80,
    paint: paintFor(stdout),
    errorPaint,
    interactive,
    out: (line) => void stdout.write(line),
    err: (line) => void stderr.write(line),
    progress: () => (stderr.isTTY && env.TERM !== 'dumb' ? spinning() : plain()),
    async ask(question) {
      const answer = await text({ message: question, output: stderr, withGuide: false });
      return isCancel(answer) ? undefined : (answer ?? '');
    },
    async confirm(question) {
      const asked = { message: question, output: stderr, withGuide: false, initialValue: false };
      const answer = await confirm(asked);
      return isCancel(answer) ? undefined : answer;
    },
    async readHidden(question) {
      if (!stdin.isTTY) return readAll();
      if (!interactive) throw cannotHide();
      const answer = await password({ message: question, output: stderr, withGuide: false });
      return isCancel(answer) ? undefined : (answer ?? '');
    },
  };
}

function paintFor(stream: NodeJS.WriteStream) {
  const wanted = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  return pc.createColors(wanted);
}

function spinning(): Progress {
  const messages = { cancelMessage: INTERRUPTED, errorMessage: INTERRUPTED };
  const line = spinner({ output: stderr, withGuide: false, ...messages });
  const end = (finish: () => void) => {
    finish();
    process.off('exit', failInterrupted).off('SIGINT', interrupt).off('SIGTERM', interrupt);
  };
  return {
    start(message) {
      process.on('exit', failInterrupted).on('SIGINT', interrupt).on('SIGTERM', interrupt);
      line.start(message);
    },
    update: (message) => line.message(message),
    step(message) {
      line.stop(message);
      line.start('Waiting for the next step');
    },
    done: (message) => end(() => line.stop(message)),
    fail: (message) => end(() => line.error(message)),
  };
}

/** The spinner ends an interrupted process with 0 and ignores signals; neither may pass for success. */
const failInterrupted = () => {
  process.exitCode = 130;
};
const interrupt = () => process.exit(130);
const INTERRUPTED =
  'Interrupted. What was begun in AWS stays or runs on, a staged key too: npx keyctl status';

function plain(): Progress {
  const write = (message: string) => void stderr.write(`${message}\n`);
  return { start: write, update: () => {}, step: write, done: write, fail: write };
}

async function readAll(): Promise<string> {
  let input = '';
  for await (const chunk of stdin.setEncoding('utf8')) {
    input += chunk;
    if (input.length > MAX_INPUT) break;
  }
  return input;
}

const cannotHide = () =>
  new Refusal(
    'WRONG_USE',
    'The key would show on the screen, since stderr is not a terminal. Run it without redirecting stderr, or pipe the key in.',
    { exitCode: 2 },
  );
