import { hash } from 'node:crypto';
import type { Fingerprint } from '../../../lambda/domain/secret-value.ts';
import type { Violation } from '../proof.ts';
import { type Canaries, type Found, findIn } from './canary.ts';
import { rendered } from './rendered.ts';

/** What was looked into, by where it would be seen. */
export const KINDS = {
  log_lines: 'log line',
  metrics: 'metric',
  answers: 'answer of a function',
  errors: 'error of a function',
  notifications: 'notification',
  trail_lines: 'line of the audit trail',
  usage_lines: 'line of the usage record',
  remembered: 'what the access guard remembers',
  aws_calls: 'AWS call, but for the field that keeps the key',
  labels_and_tags: 'labels, tags and parameter names',
  amplitude_requests: 'address and headers of a request to Amplitude',
  stdout: 'stdout of keyctl',
  stderr: 'stderr of keyctl',
  questions: 'question of keyctl',
  reports: 'incident report',
  processes: 'arguments and environment of a process',
  temporary_files: 'what a process left in its folders',
  templates: 'template',
  variables: 'environment variables of a function',
  assets: 'file of cdk.out',
  configuration_faults: 'fault of the configuration',
} as const;
export type Kind = keyof typeof KINDS;

/** The form of the first key that was seen, and all of them. */
interface Leak {
  readonly form: string;
  readonly fingerprints: Set<Fingerprint>;
}

/** What alone differs in many lines that were searched before. */
const TIMES = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z|(?<="(?:duration_ms|Timestamp)":)\d{1,13}/g;

export const PROMISE = 'No key appears in any output.';

/** Searches outputs as they come for every canary there is; keeps counts, never a text. */
export class Outputs {
  readonly counts = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, 0])) as Record<
    Kind,
    number
  >;
  readonly canaries: Canaries;
  /** By where it was seen. */
  readonly #leaks = new Map<string, Leak>();
  /** Hashes of texts without a leak: most calls and lines are the same as in another run. */
  readonly #clean = new Set<string>();

  constructor(canaries: Canaries) {
    this.canaries = canaries;
  }

  /** @param where what was done, in words that name no key */
  search(kind: Kind, where: string, output: unknown): void {
    this.counts[kind] += 1;
    const text = typeof output === 'string' ? output : rendered(output);
    const { all } = this.canaries;
    const id = hash('sha1', `${all.length} ${text.replace(TIMES, '')}`);
    if (this.#clean.has(id)) return;
    const found = findIn(text, all);
    if (found.length === 0) this.#clean.add(id);
    for (const one of found) this.#add(`${KINDS[kind]}, ${where}`, one);
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  get leaks(): readonly Violation[] {
    return [...this.#leaks].map(
      ([
        where,
        {
          form,
          fingerprints: [first, ...more],
        },
      ]) => {
        const others = more.length > 0 ? ` and ${more.length} more` : '';
        return { promise: PROMISE, how: `${where}: key ${first}${others} (${form})` };
      },
    );
  }

  #add(where: string, { form, fingerprint }: Found): void {
    const known = this.#leaks.get(where);
    if (!known) this.#leaks.set(where, { form, fingerprints: new Set([fingerprint]) });
    else known.fingerprints.add(fingerprint);
  }
}
