import { SecretValue } from '../../lambda/domain/secret-value.ts';
import { Refusal, wrongUse } from '../keyctl/refusal.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { isKeyLike, LEAKED_ADVICE } from './key-like.ts';

const LENGTH = 32;

/**
 * The key from a hidden prompt or from stdin; nothing of it is ever repeated.
 * @throws Refusal KEY_FORMAT saying what is off, CANCELLED
 */
export async function readKey(terminal: Terminal, question: string): Promise<SecretValue> {
  const input = await terminal.readHidden(question);
  if (input === undefined) throw cancelled();
  const line = input.replace(/\r?\n$/, '');
  const value = new SecretValue(line);
  if (value.wellFormed) return value;
  throw new Refusal(
    'KEY_FORMAT',
    `This is not a key: Amplitude's are 32 lower-case hex characters, but ${faults(line)}. Nothing was stored. Copy it again: Amplitude, Settings, Projects, your project.`,
  );
}

/** What is off, in order of what a person would look at first. */
function faults(line: string): string {
  if (line === '') return 'nothing was handed in (pipe the key in, or run it on a terminal)';
  if (/[\r\n]/.test(line)) return 'several lines were handed in';
  const found = [
    /\s/.test(line) ? 'it has a space or tab in it' : '',
    line.length === LENGTH ? '' : `it has ${line.length} characters`,
    /[A-F]/.test(line) ? 'it has upper case letters' : '',
    /[^0-9a-f\s]/i.test(line) ? 'it has characters other than 0-9 and a-f' : '',
  ];
  return found.filter(Boolean).join(' and ');
}

/** The key's name in Amplitude's UI. @throws Refusal WRONG_USE, CANCELLED */
export async function readName(terminal: Terminal, given: string | undefined): Promise<string> {
  const name = given ?? (await askName(terminal));
  if (isKeyLike(name)) throw wrongUse(`The name looks like a key. ${LEAKED_ADVICE}`);
  if (/^[^\p{C}]{1,100}$/u.test(name) && name.trim() === name) return name;
  throw wrongUse(
    'The name is as in Amplitude\'s UI: 1 to 100 characters on one line, no space around: --name "Web 2026-11"',
  );
}

async function askName(terminal: Terminal): Promise<string> {
  if (!terminal.interactive) {
    throw wrongUse('Say the key\'s name in Amplitude\'s UI: --name "Web 2026-11"');
  }
  const name = await terminal.ask("Name of the key in Amplitude's UI");
  if (name === undefined) throw cancelled();
  return name.trim();
}

const cancelled = () => new Refusal('CANCELLED', 'Cancelled; nothing was stored or changed.');
