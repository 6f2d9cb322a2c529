import type { Mood } from '../../amplitude.ts';
import type { Fault } from '../../aws/fakes/faults.ts';
import type { World } from '../../lambda/world.ts';

/** A call as it is told: `secretsmanager PutSecretValue`, `amplitude US POST /2/httpapi`. */
export interface Call {
  readonly to: 'aws' | 'amplitude';
  readonly name: string;
}

/** Hears every call to AWS and Amplitude just before it takes effect, in the order they are made. */
export async function listening<Result>(
  world: World,
  onCall: (call: Call) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const { aws, amplitude } = world;
  aws.onCall = ({ service, command }) => onCall({ to: 'aws', name: `${service} ${command}` });
  amplitude.onRequest = () =>
    onCall({ to: 'amplitude', name: `amplitude ${amplitude.requests.at(-1)}` });
  try {
    return await work();
  } finally {
    aws.onCall = undefined;
    amplitude.onRequest = () => {};
  }
}

/** How a call fails: at AWS, and at Amplitude. */
export interface Way {
  readonly name: 'refused' | 'carried out, its answer lost' | 'throttled';
  readonly aws: Fault;
  readonly amplitude: Mood;
}

export const WAYS: readonly Way[] = [
  { name: 'refused', aws: { error: 'access-denied' }, amplitude: 'failing' },
  {
    name: 'carried out, its answer lost',
    aws: { error: 'timeout', when: 'after' },
    amplitude: 'answer-lost',
  },
  { name: 'throttled', aws: { error: 'throttled' }, amplitude: 'throttling' },
];

/** The call that fails; `lasting` is Amplitude failing from there on until the operation is over. */
export interface CrashPoint extends Call {
  readonly nth: number;
  readonly lasting: boolean;
}

/** Amplitude's adapter tries again, so that one failed request may not be felt: lasting ones are. */
export const crashPoints = (calls: readonly Call[]): CrashPoint[] =>
  calls.flatMap((call, index) => {
    const once = { ...call, nth: index + 1, lasting: false };
    return call.to === 'aws' ? [once] : [once, { ...once, lasting: true }];
  });

/** Does the work, and lets one of its calls fail. */
export async function disturbed<Result>(
  world: World,
  point: CrashPoint,
  way: Way,
  work: () => Promise<Result>,
): Promise<Result> {
  let made = 0;
  const result = await listening(
    world,
    ({ to }) => {
      made += 1;
      const meets = made === point.nth || (point.lasting && made > point.nth);
      if (!meets) return;
      if (to === 'amplitude') world.amplitude.expect(way.amplitude);
      else if (!point.lasting) world.aws.faults.fail('*', way.aws);
    },
    work,
  );
  if (made < point.nth) throw new Error(`Call ${point.nth} was never made, only ${made} were.`);
  return result;
}
