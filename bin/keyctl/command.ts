import type { View } from '../terminal/terminal.ts';
import type { Context } from './context.ts';

/** As typed; which of them a command knows is its own affair. */
export interface Options {
  readonly env?: string;
  readonly key?: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly name?: string;
  readonly fingerprint?: string;
  readonly since?: string;
  readonly csv?: boolean;
  readonly exporter?: boolean;
  readonly version?: string;
  readonly hours?: string;
  readonly reason?: string;
  readonly scope?: string;
  readonly report?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  /** The arguments, each of the one command that takes it. */
  readonly dir?: string;
  readonly id?: string;
  readonly unusedDays?: string;
  readonly staged?: boolean;
  /** False with --no-history. */
  readonly history?: boolean;
  readonly ignored?: boolean;
  readonly fingerprints?: string;
  readonly save?: string;
}

/** What a command found or did, for programs and for people. */
export interface Outcome {
  readonly json: unknown;
  readonly text: (view: View) => string[];
  /** 1: the answer is no, or incomplete. @default 0 */
  readonly exitCode?: 0 | 1;
}

/** Where `keyctl --help` lists a command. */
export type Group = 'Keys' | 'Emergency' | 'More';

interface Described {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
}

/** What one command line does. */
export interface Subcommand extends Described {
  /** What it takes beside options: `[dir]`, the option that it becomes, and its meaning. */
  readonly argument?: readonly [name: '[dir]' | '<id>', meaning: string];
  /** Beyond those that all commands share: flags and meaning. */
  readonly options?: readonly (readonly [flags: string, meaning: string])[];
  /** Arguments of `npx keyctl` and what they do. */
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  run(context: Context, options: Options): Promise<Outcome>;
}

export interface Command extends Subcommand {
  readonly group: Group;
}

/** Several that go by one name, each with a word of its own after it. */
export interface CommandFamily extends Described {
  readonly group: Group;
  readonly members: readonly Subcommand[];
}
