import * as fc from 'fast-check';
import type { Check } from '../../../../lambda/domain/verdict.ts';
import type { VerdictWord } from '../../../../lambda/payloads.ts';
import type { ProofOptions, Violation } from '../../proof.ts';
import { heapGrowth } from '../heap.ts';
import { shown } from '../judge.ts';
import type { Searched } from '../search.ts';
import { wholeAnswer } from './answers.ts';
import { documented } from './documented.ts';
import { type Garbage, garbage, http } from './garbage.ts';
import { RawServer } from './raw-server.ts';
import { CHECKS, type Tried, tryVendor, type VendorOf } from './trial.ts';

/** An answer that comes whole comes at once, unless others need the machine. */
const PATIENT_MS = 5_000;

type Size = ProofOptions['size'];

/**
 * What one question may take of the heap while a server pours: six tries, each with a decoder of brotli
 * whose window of up to 16 MB is freed only later, and as much as that for the rest.
 * https://www.rfc-editor.org/rfc/rfc7932#section-9.1
 */
const MOST_MB = 112;

/** What no page of Amplitude's tells: it must be unknown. */
export async function searchGarbage(
  vendorOf: VendorOf,
  { moods = garbage(), size }: { readonly moods?: readonly Garbage[]; readonly size: Size },
): Promise<Searched> {
  const server = await RawServer.start();
  const found = new Findings("what isn't Amplitude's answer");
  for (const [at, mood] of moods.entries()) {
    server.answers = [mood.answer];
    for (const check of CHECKS.filter((_, index) => size === 'long' || index === at % 3)) {
      const allowed = allowedOf(mood, check);
      const ask = () => tryVendor(vendorOf, server, check, allowed);
      const { result, mb } = mood.huge ? await heapGrowth(ask) : { result: await ask(), mb: 0 };
      found.take(result, `${check}: ${mood.name}`, mb);
    }
  }
  await server.stop();
  return found.told;
}

/** A pair of keys is rejected by the status alone. */
const allowedOf = ({ refusing }: Garbage, check: Check): readonly VerdictWord[] =>
  refusing && check === 'secret' ? ['rejected', 'unknown'] : ['unknown'];

/** Answers that come whole, whatever is in them: each verdict is what Amplitude documents. */
export async function searchAnswers(
  vendorOf: VendorOf,
  { seed, runs }: { readonly seed: number; readonly runs: number },
): Promise<Searched> {
  const server = await RawServer.start();
  const found = new Findings("Amplitude's answers");
  const property = fc.asyncProperty(
    fc.constantFrom(...CHECKS),
    wholeAnswer,
    async (check, { status, body }) => {
      server.answers = [http(status, body)];
      const allowed = documented(check, status, body);
      const tried = await tryVendor(vendorOf, server, check, [allowed], PATIENT_MS);
      found.count(tried);
      if (tried.complaint) throw new Error(`${tried.complaint}, where ${allowed} is documented`);
    },
  );
  const details = await fc.check(property, { seed, numRuns: runs });
  await server.stop();
  if (details.failed) {
    const [check, answer] = details.counterexample ?? [];
    const complaint = (details.errorInstance as Error | null)?.message ?? '';
    const replay = `seed ${details.seed}, path ${details.counterexamplePath}`;
    found.add(`${complaint}\n${check}: ${shown(answer)}\nfound by ${replay}`);
  }
  return found.told;
}

class Findings {
  readonly #parser: string;
  readonly #violations: Violation[] = [];
  #inputs = 0;
  #slowestMs = 0;
  #heapMb = 0;

  constructor(parser: string) {
    this.#parser = parser;
  }

  take(tried: Tried, how: string, mb: number): void {
    this.count(tried);
    this.#heapMb = Math.max(this.#heapMb, mb);
    if (tried.complaint) this.add(`${tried.complaint}\n${how}`);
    else if (mb > MOST_MB) this.add(`it took ${Math.round(mb)} MB of the heap\n${how}`);
  }

  count({ milliseconds }: Tried): void {
    this.#inputs += 1;
    this.#slowestMs = Math.max(this.#slowestMs, milliseconds);
  }

  add(how: string): void {
    const promise = `${this.#parser}: accepted and rejected are only what Amplitude documents as such, in bounded time and memory`;
    this.#violations.push({ promise, how });
  }

  get told(): Searched {
    return {
      parser: this.#parser,
      inputs: this.#inputs,
      slowestMs: this.#slowestMs,
      heapMb: this.#heapMb,
      violations: this.#violations,
    };
  }
}
