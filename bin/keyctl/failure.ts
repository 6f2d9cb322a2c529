import { KeysError } from '../../lambda/domain/errors.ts';
import { keyless } from '../../lambda/domain/keyless.ts';
import { ConfigError } from '../../lib/config-faults.ts';
import { wrap } from '../terminal/layout.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { Refusal } from './refusal.ts';

/** Who failed, and where to look after a fault of its own. */
export interface Reporter {
  readonly program: string;
  readonly advice?: string;
}

const KEYCTL = { program: 'keyctl', advice: 'npx keyctl status tells where things stand' };

/** Tells why a command ended and answers its exit code. Nothing but our own sentences is printed. */
export function reportFailure(
  terminal: Terminal,
  error: unknown,
  json: boolean,
  reporter: Reporter = KEYCTL,
): 1 | 2 {
  const { code, message, details, exitCode } = asRefusal(error, reporter);
  if (json) {
    terminal.out(`${JSON.stringify({ error: { code, message, ...details } }, null, 2)}\n`);
    return exitCode;
  }
  const { errorPaint: paint, columns } = terminal;
  const text = `${paint.red(`${reporter.program}:`)} ${message} ${paint.dim(`[${code}]`)}`;
  const lines = text.split('\n').flatMap((line) => wrapIndented(line, columns));
  terminal.err(`${lines.join('\n')}\n`);
  return exitCode;
}

function wrapIndented(line: string, columns: number): string[] {
  const text = line.trimStart();
  return wrap(text, columns, ' '.repeat(line.length - text.length), '  ');
}

function asRefusal(error: unknown, reporter: Reporter): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof KeysError) {
    return new Refusal(error.code, error.message, { details: { ...error.fields } });
  }
  if (error instanceof ConfigError) {
    return new Refusal('CONFIG_INVALID', error.message, { details: { faults: error.faults } });
  }
  return new Refusal('UNEXPECTED', unexpected(error, reporter));
}

/** The message may quote anything, so it stays out; of several lines, one may pass for a frame. */
function unexpected(error: unknown, { program, advice }: Reporter): string {
  const name = error instanceof Error ? error.name : typeof error;
  const frame = error instanceof Error ? /\n\s+(at .*)/.exec(error.stack ?? '')?.[1] : undefined;
  const place = keyless(`${name}${frame ? ` ${frame}` : ''}`);
  const then = advice ? `; ${advice}` : '';
  return `A fault of ${program} itself (${place}). Please report it with this line${then}.`;
}
