import { amplitude } from '../../../lambda/adapters/amplitude.ts';
import type { Outcome, Proof, ProofOptions } from '../proof.ts';
import { PARSERS } from './parsers.ts';
import { type Searched, search } from './search.ts';
import { garbage } from './vendor/garbage.ts';
import { searchPromotions, searchRetirements } from './vendor/search-rotations.ts';
import { searchAnswers, searchGarbage } from './vendor/search-vendor.ts';
import type { VendorOf } from './vendor/trial.ts';

const RUNS = { short: 120, long: 15_000 } as const;
const FAMILIES = { short: 2, long: 60 } as const;
const ANSWERS = { short: 400, long: 20_000 } as const;

export const hostile: Proof = {
  name: 'hostile',
  about: 'input that is cut, huge, of wrong types or meant to harm: a typed error each time',
  async run(options): Promise<Outcome> {
    const searched = [...(await searchParsers(options)), ...(await searchAmplitude(options))];
    const inputs = sum(searched.map((one) => one.inputs));
    const slowest = most(searched, ({ slowestMs }) => slowestMs);
    const biggest = most(searched, ({ heapMb }) => heapMb);
    const violations = searched.flatMap((one) => one.violations);
    const slowestMs = Math.round(slowest.slowestMs);
    const heapMb = Math.round(biggest.heapMb);
    return {
      summary: `${inputs} hostile inputs at ${searched.length} parsers, ${violations.length} violations; slowest ${slowestMs} ms (${slowest.parser}), most heap ${heapMb} MB (${biggest.parser})`,
      figures: {
        inputs,
        parsers: searched.length,
        slowest_ms: slowestMs,
        most_heap_mb: heapMb,
        ...Object.fromEntries(searched.flatMap(figuresOf)),
      },
      violations,
    };
  },
};

const figuresOf = ({ parser, inputs, slowestMs }: Searched): [string, number][] => {
  const name = parser
    .toLowerCase()
    .replace(/[^a-z]+/g, '_')
    .replace(/^_/, '');
  return [
    [`${name}_inputs`, inputs],
    [`${name}_slowest_ms`, Math.round(slowestMs)],
  ];
};

const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);

const most = (searched: readonly Searched[], of: (one: Searched) => number) =>
  searched.reduce((one, other) => (of(other) > of(one) ? other : one));

async function searchParsers({ seed, size, progress }: ProofOptions): Promise<Searched[]> {
  const searched: Searched[] = [];
  for (const open of PARSERS) {
    const parser = await open();
    progress(parser.name);
    const runs = (parser.runs ?? RUNS)[size];
    const families = (parser.climbs ?? FAMILIES)[size];
    searched.push(await search(parser, { seed, runs, families }));
    await parser.close?.();
  }
  return searched;
}

/** As the functions ask, but for the patience. */
const vendorOf: VendorOf = ({ endpoints }, timeoutMs) =>
  amplitude({ dataResidency: 'US', endpoints, timeoutMs, backoffMs: 0 });

async function searchAmplitude({ seed, size, progress }: ProofOptions): Promise<Searched[]> {
  progress("Amplitude's answers");
  const answers = await searchAnswers(vendorOf, { seed, runs: ANSWERS[size] });
  progress("what isn't Amplitude's answer");
  const moods = garbage();
  const some = size === 'long' ? moods : moods.filter((_, at) => at % 12 === seed % 12);
  const foreign = await searchGarbage(vendorOf, { moods, size });
  const started = performance.now();
  const promotions = await searchPromotions(some);
  const retirements = await searchRetirements(some);
  const driven = {
    parser: 'garbage while a key rotates or retires',
    inputs: promotions.inputs + retirements.inputs,
    slowestMs: (performance.now() - started) / (promotions.inputs + retirements.inputs),
    heapMb: 0,
    violations: [...promotions.violations, ...retirements.violations],
  };
  return [answers, foreign, driven];
}
