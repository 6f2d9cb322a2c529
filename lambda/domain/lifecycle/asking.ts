import { askVendor } from '../acceptance.ts';
import type { Standings } from '../hand-over/standing.ts';
import type { KeyFacts } from '../key-facts.ts';
import { HOUR } from '../key-state.ts';
import type { AtOnce, Clock, Secrets, Vendor } from '../ports.ts';
import type { Fingerprint, SecretValue } from '../secret-value.ts';
import type { Verdict } from '../verdict.ts';
import { questionsOf } from './check.ts';

export interface AskingPorts {
  readonly secrets: Secrets;
  readonly vendor: Vendor;
  readonly atOnce: AtOnce;
  readonly clock: Clock;
}

/** Amplitude's verdicts on one key's questions, by fingerprint. */
type Verdicts = ReadonlyMap<Fingerprint, Verdict>;

/** Amplitude allows few questions. */
const ASKING = 4;
/** An outage costs many seconds a question: the function must still have time to act. */
const ASK_FOR = HOUR / 12;

/**
 * Asks about every key what has to be asked now. Who wasn't asked in time has no verdict, which
 * changes nothing; each hour begins with another key, so that nobody is always the last.
 */
export async function askAll(
  ports: AskingPorts,
  keys: readonly KeyFacts[],
  standings: ReadonlyMap<KeyFacts, Standings>,
): Promise<ReadonlyMap<KeyFacts, Verdicts>> {
  const begun = ports.clock.now().getTime();
  const first = Math.floor(begun / HOUR) % Math.max(1, keys.length);
  const order = [...keys.slice(first), ...keys.slice(0, first)];
  const limit = ports.atOnce(ASKING);
  const asked = order.map(async (facts) => {
    const questions = questionsOf(facts, {
      now: new Date(begun),
      standings: standings.get(facts) ?? new Map(),
    });
    const ask = (value: SecretValue) => {
      const late = ports.clock.now().getTime() - begun >= ASK_FOR;
      return late ? undefined : verdictOf(ports, facts, value);
    };
    const answers = questions.map((value) => limit(async () => [value, await ask(value)] as const));
    return [facts, known(await Promise.all(answers))] as const;
  });
  return new Map(await Promise.all(asked));
}

/** A secret key whose API key can't be read has no verdict either. */
async function verdictOf(ports: AskingPorts, { managed }: KeyFacts, value: SecretValue) {
  return askVendor(ports, managed, value).catch(() => undefined);
}

function known(answers: readonly (readonly [SecretValue, Verdict | undefined])[]): Verdicts {
  return new Map(
    answers.flatMap(([{ fingerprint }, verdict]) =>
      verdict ? [[fingerprint, verdict] as const] : [],
    ),
  );
}
