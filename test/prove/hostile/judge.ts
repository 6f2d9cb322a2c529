import { inspect } from 'node:util';
import { Refusal } from '../../../bin/keyctl/refusal.ts';
import { KeysError } from '../../../lambda/domain/errors.ts';
import { ConfigError } from '../../../lib/config-faults.ts';
import type { Parser } from './parser.ts';
import { pollution } from './pollution.ts';
import { type Duration, timed } from './stopwatch.ts';

/** One input, and what came of it. */
export interface Judged extends Duration {
  /** What should not have been; undefined: nothing. */
  readonly complaint?: string;
}

/** Has one input parsed: a valid result or a typed error, which repeats no key, and nothing else changed. */
export async function judge<Input>(parser: Parser<Input>, input: Input): Promise<Judged> {
  const { result: outcome, ...duration } = await timed(() => outcomeOf(parser, input));
  const complaint =
    ('error' in outcome ? untyped(outcome.error) : (parser.fault?.(outcome.result) ?? undefined)) ??
    repeated(toldOf(parser, outcome), input) ??
    pollution();
  return { ...duration, ...(complaint === undefined ? {} : { complaint }) };
}

type Outcome = { readonly result: unknown } | { readonly error: unknown };

async function outcomeOf<Input>(parser: Parser<Input>, input: Input): Promise<Outcome> {
  try {
    return { result: await parser.parse(input) };
  } catch (error) {
    return { error };
  }
}

/** What is wrong with an error that isn't one of ours, or is one for what nobody thought of. */
export function untyped(error: unknown): string | undefined {
  if (error instanceof ConfigError) return undefined;
  const isOurs = error instanceof KeysError || error instanceof Refusal;
  if (isOurs && error.code !== 'UNEXPECTED') return undefined;
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: '' };
  return `it threw ${name}, no typed error: ${message.slice(0, 160)}`;
}

function toldOf<Input>({ told }: Parser<Input>, outcome: Outcome): string {
  if ('result' in outcome) return told?.(outcome.result) ?? '';
  const { error } = outcome;
  if (error instanceof KeysError) return `${error.message} ${JSON.stringify(error.fields)}`;
  if (error instanceof Refusal) return `${error.message} ${JSON.stringify(error.details)}`;
  return error instanceof Error ? error.message : '';
}

/** What is as long as a key, whatever its case; a longer word is a hash. */
const KEY = /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/gi;

function repeated(told: string, input: unknown): string | undefined {
  const words = new Set(told.toLowerCase().match(KEY));
  if (words.size === 0) return undefined;
  const found = textOf(input).toLowerCase().match(KEY) ?? [];
  return found.some((word) => words.has(word)) ? 'it repeats what may be a key' : undefined;
}

/** A word of the input's as it is shown: no key may be in it. */
export const shown = (input: unknown) =>
  textOf(input)
    .replace(/[0-9a-f]{13,}/gi, '[hex]')
    .replace(/(.{300}).+/s, '$1…');

/** JSON.stringify would not come back from a deep one. */
function textOf(input: unknown): string {
  if (typeof input === 'string') return JSON.stringify(input);
  if (input instanceof Uint8Array) return textOf(Buffer.from(input).toString());
  return inspect(input, {
    depth: 8,
    maxStringLength: 100_000,
    breakLength: Number.POSITIVE_INFINITY,
  });
}
