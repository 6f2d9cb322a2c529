import { createWorld, type World } from '../../../lambda/world.ts';
import { ofValue } from '../inputs.ts';
import { untyped } from '../judge.ts';
import type { Parser } from '../parser.ts';

type HandlerOf = (world: World) => (event: unknown) => Promise<unknown>;

interface Answered {
  /** What the function wrote and answered. */
  readonly told: string;
  readonly error?: unknown;
}

/** Payloads of a function, which runs with all behind it. What it logs is told as well. */
const payloads = (name: string, valid: readonly unknown[], handlerOf: HandlerOf) =>
  async function open(): Promise<Parser> {
    const world = await createWorld({ cmk: true });
    const handler = handlerOf(world);
    return {
      ...ofValue(valid, {
        name,
        limit: 6_000_000,
        boundMs: 1_000,
        climbs: { short: 1, long: 8 },
        runs: { short: 150, long: 2_000 },
        async parse(event): Promise<Answered> {
          world.printed.length = 0;
          await world.enableCmk();
          try {
            const answer = await handler(event);
            return { told: withoutToken(event, [...world.printed, JSON.stringify(answer)]) };
          } catch (error) {
            return { told: withoutToken(event, [...world.printed, String(error)]), error };
          }
        },
        fault: (answered) => {
          const { error } = answered as Answered;
          return error === undefined ? undefined : untyped(error);
        },
        told: (answered) => (answered as Answered).told,
      }),
      close: () => world.close(),
    };
  };

/** Whoever starts a rotation chooses its token, which is told: 32 digits are a usual one. */
function withoutToken(event: unknown, lines: readonly string[]): string {
  const { ClientRequestToken: token } = Object(event) as { ClientRequestToken?: unknown };
  const told = lines.join('\n');
  return typeof token === 'string' && token !== '' ? told.replaceAll(token, '') : told;
}

const TOKEN = '00000000-0000-4000-8000-000000000001';
const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:amplitude/dev/web-000001';
const ACTION = { key: 'web', reason: 'leaked in a log', caller: 'ann', dryRun: true };

export const rotationEvents = payloads(
  'events of a rotation',
  [
    { Step: 'createSecret', SecretId: SECRET, ClientRequestToken: TOKEN, RotationToken: 'x' },
    { Step: 'finishSecret', SecretId: 'amplitude/dev/web', ClientRequestToken: 'f'.repeat(64) },
  ],
  ({ rotationHandler }) => rotationHandler,
);

export const lifecyclePayloads = payloads(
  'payloads of lifecycle',
  [{}, { dryRun: true, caller: 'ann' }],
  ({ lifecycleHandler }) => lifecycleHandler,
);

export const inspectPayloads = payloads(
  'payloads of inspect',
  [
    { action: 'inventory', key: 'web', caller: 'ann' },
    { action: 'verify', key: 'web' },
    { action: 'which', fingerprint: '0123456789ab' },
    { action: 'assess', key: 'web', version: 'current', hours: 72 },
    { action: 'readers', key: 'web' },
    { action: 'quarantines', caller: 'ann' },
  ],
  ({ inspectHandler }) => inspectHandler,
);

export const emergencyPayloads = payloads(
  'payloads of emergency',
  [
    { action: 'revoke', version: 'current', ...ACTION },
    { action: 'rollback', version: 'previous', ...ACTION },
    { action: 'lockdown', scope: 'key', ...ACTION },
    { action: 'unlock', scope: 'environment', reason: 'over' },
    { action: 'release', quarantine: '0123abcd', reason: 'ours', caller: 'ann' },
  ],
  ({ emergencyHandler }) => emergencyHandler,
);
