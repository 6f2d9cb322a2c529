import type { Options } from '../keyctl/command.ts';
import { Refusal, wrongUse } from '../keyctl/refusal.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { isKeyLike, LEAKED_ADVICE } from './key-like.ts';
import type { Session } from './session.ts';

/** Why, and whether it is in earnest. */
export interface Declaration {
  readonly reason: string;
  readonly dryRun: boolean;
}

const REASON_OPTION = [
  '--reason <reason>',
  'why, for the audit trail; asked for on a terminal',
] as const;
const YES_OPTION = ['--yes', "doesn't ask on a terminal whether to go on"] as const;

export const ACTING_OPTIONS = [
  REASON_OPTION,
  ['--dry-run', 'tells the plan and changes nothing'],
  YES_OPTION,
] as const;

/** Of what has no plan to tell. */
export const PLAIN_OPTIONS = [REASON_OPTION, YES_OPTION] as const;

const LONGEST = 200;

/** A plan needs no reason. @throws Refusal WRONG_USE, CANCELLED */
export async function declare(terminal: Terminal, options: Options): Promise<Declaration> {
  const dryRun = options.dryRun === true;
  const typed = options.reason ?? (dryRun ? 'dry run' : await askReason(terminal));
  return { reason: reasonOf(typed.trim()), dryRun };
}

async function askReason(terminal: Terminal): Promise<string> {
  if (!terminal.interactive) {
    throw wrongUse('Say why, for the audit trail: --reason "leaked in a public repo"');
  }
  const reason = await terminal.ask('Why? It goes into the audit trail');
  if (reason === undefined) throw cancelled();
  return reason;
}

function reasonOf(reason: string): string {
  if (isKeyLike(reason)) {
    throw wrongUse(
      `The reason looks as if a key were in it; name a commit by its first 12 digits at most. ${LEAKED_ADVICE}`,
    );
  }
  if (/^[^\p{C}]+$/u.test(reason) && reason.length <= LONGEST) return reason;
  throw wrongUse(`A reason is 1 to ${LONGEST} characters on one line: --reason "leaked in a log"`);
}

/**
 * Asks a person before it acts; a program means what it says.
 * @param what a question, without where
 * @throws Refusal CANCELLED
 */
export async function confirm(
  terminal: Terminal,
  { account, region }: Session,
  { dryRun, yes }: Options,
  what: string,
): Promise<void> {
  if (dryRun || yes || !terminal.interactive) return;
  const sure = await terminal.confirm(`${what} (account ${account}, Region ${region})`);
  if (!sure) throw cancelled();
}

const cancelled = () => new Refusal('CANCELLED', 'Cancelled; nothing was changed.');
