import { rotationsAMonth, runsAMonth, type Stack } from './template.ts';

/** What a person may know better; the rest is below. */
export interface Assumptions {
  /** Of each key by its consumers, a month. */
  readonly reads: number;
}

/** A program that reads its key once an hour makes 730. */
export const DEFAULT_ASSUMPTIONS: Assumptions = { reads: 1_000 };

/** At most, of one run or one thing; `test/bin/cost/usage.test.ts` counts it with the functions. */
export interface Work {
  readonly secretsManagerCalls: number;
  /** Decrypts on behalf of Secrets Manager and Parameter Store are requests too. */
  readonly kmsRequests: number;
  readonly snsRequests: number;
  /** On the event bus. */
  readonly events: number;
  readonly logBytes: number;
}

/** A sweep without its keys. */
export const SWEEP: Work = {
  secretsManagerCalls: 1,
  kmsRequests: 2,
  snsRequests: 1,
  events: 0,
  logBytes: 1_500,
};
/** A key in a sweep: described, current and retained version read, staged one decrypted, a note. */
export const SWEPT_KEY: Work = {
  secretsManagerCalls: 4,
  kmsRequests: 3,
  snsRequests: 0,
  events: 0,
  logBytes: 700,
};
/** A rotation until its replaced key is retired. */
export const ROTATION: Work = {
  secretsManagerCalls: 25,
  kmsRequests: 20,
  snsRequests: 6,
  events: 1,
  logBytes: 5_000,
};
export const STEPS_A_ROTATION = 4;
/** Of the audit trail, from a key's staging to its end. */
export const TRAIL_BYTES_A_ROTATION = 4_000;

/** Nobody has measured these in Lambda: they are assumed. */
export const ASSUMED = {
  sweepSeconds: 3,
  sweptKeySeconds: 0.5,
  /** Of a rotation's step, and of a command that is run by hand. */
  runSeconds: 2,
  runsByHand: 100,
  runLogBytes: 1_500,
  alarmNotices: 10,
} as const;

export interface Usage extends Assumptions {
  readonly keys: number;
  readonly sweeps: number;
  /** Of all keys together. */
  readonly rotations: number;
}

/** How often a month, by the schedules of the template. */
export function usageOf(stack: Stack, assumptions: Assumptions): Usage {
  return {
    ...assumptions,
    keys: stack.of('AWS::SecretsManager::Secret').length,
    sweeps: runsAMonth(stack),
    rotations: rotationsAMonth(stack),
  };
}

/** The assumptions in words. */
export function assumptionsOf({ reads }: Assumptions): string[] {
  const { sweepSeconds, sweptKeySeconds, runSeconds, runsByHand, alarmNotices } = ASSUMED;
  const count = (number: number) => number.toLocaleString('en-US');
  return [
    `Consumers read each key ${count(reads)} times a month (--reads).`,
    `A sweep runs for ${sweepSeconds} seconds and ${sweptKeySeconds} for each key; a rotation's step, or a command by hand, for ${runSeconds}.`,
    `Each function that people invoke runs ${runsByHand} times a month; alarms send ${alarmNotices} notices.`,
    'Every metric has values in every hour; those of rotations have them in few, and cost less.',
    'The account has no other dashboards. Other free tiers, taxes and discounts are left out.',
    "CDK's bootstrap, which an account needs once, is not counted; nor are KMS keys and secrets that a removed environment leaves behind.",
  ];
}
