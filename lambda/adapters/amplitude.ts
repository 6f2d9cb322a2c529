import pRetry from 'p-retry';
import type { AmplitudeEndpoints, DataResidency } from '../contract.ts';
import type { Credential, Vendor } from '../domain/ports.ts';
import {
  type Check,
  isPassing,
  judge,
  type VendorAnswer,
  type Verdict,
} from '../domain/verdict.ts';
import { askAmplitude } from './amplitude-request.ts';

export interface AmplitudeOptions {
  readonly dataResidency: DataResidency;
  readonly endpoints: Readonly<Record<DataResidency, AmplitudeEndpoints>>;
  /** @default 5000 ms for one request, its body included */
  readonly timeoutMs?: number;
  /** Waits between tries double from this, with jitter. @default 500 ms */
  readonly backoffMs?: number;
}

const RETRIES = 2;

/** Amplitude's verdict on a key. A rejection asks the other region too: there it may be known. */
export function amplitude(options: AmplitudeOptions): Vendor {
  return {
    async ask(credential) {
      const check = checkOf(credential);
      const answer = await answerOf(options, check, credential, options.dataResidency);
      const word = judge(check, answer);
      if (word !== 'rejected') return { word, check, answer };
      const otherRegion = await askElsewhere(options, check, credential);
      return { word, check, answer, otherRegion };
    },
  };
}

function checkOf({ managed }: Credential): Check {
  return managed.kind === 'secret' ? 'secret' : managed.verification;
}

async function askElsewhere(
  options: AmplitudeOptions,
  check: Check,
  credential: Credential,
): Promise<NonNullable<Verdict['otherRegion']>> {
  const region = options.dataResidency === 'US' ? 'EU' : 'US';
  return { region, word: judge(check, await answerOf(options, check, credential, region)) };
}

class NoAnswerYet extends Error {
  readonly answer: VendorAnswer;

  constructor(answer: VendorAnswer) {
    super('Amplitude gave no answer yet');
    this.answer = answer;
  }
}

/** Asks until there is an answer worth judging, or the tries are used up. */
async function answerOf(
  { endpoints, timeoutMs = 5_000, backoffMs = 500 }: AmplitudeOptions,
  check: Check,
  credential: Credential,
  region: DataResidency,
): Promise<VendorAnswer> {
  const attempt = async () => {
    const answer = await askAmplitude(check, credential, endpoints[region], region, timeoutMs);
    if (isPassing(answer)) throw new NoAnswerYet(answer);
    return answer;
  };
  try {
    return await pRetry(attempt, { retries: RETRIES, minTimeout: backoffMs, randomize: true });
  } catch (error) {
    if (error instanceof NoAnswerYet) return error.answer;
    throw error;
  }
}
