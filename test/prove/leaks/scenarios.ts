import { GUARD_NOUN } from '../../../lambda/contract.ts';
import { fingerprintOf } from '../../../lambda/domain/secret-value.ts';
import { batchOf } from '../../aws/recorded/cloudtrail.ts';
import { pastedEvents } from './pasted-events.ts';
import { pastedRecords } from './pasted-records.ts';
import type { VaultOptions } from './vault.ts';
import type { Watched } from './watched.ts';

/** Work of the functions on a vault full of canaries. */
export interface Scenario {
  readonly name: string;
  readonly vault?: VaultOptions;
  /** It tries out many inputs, not many calls: nothing is disturbed. @default false */
  readonly alone?: true;
  run(watched: Watched): Promise<void>;
}

const HOUR = 3_600_000;

/** Of `web`, whose values name and label what belongs to them by keys. */
const PASTED: VaultOptions = { pasted: true };

const emergency = (name: string, event: object, vault: VaultOptions = {}): Scenario => ({
  name,
  vault,
  run: (watched) => watched.invoke('emergency', { reason: 'leaked', caller: 'ann', ...event }),
});
const ofWeb = { key: 'web', scope: 'key' };
const ofAll = { scope: 'environment' };

/** Each reaches other calls, so that each of them can fail. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'a rotation', run: (watched) => watched.rotate('web') },
  {
    name: 'a rotation after a canary event',
    vault: { verification: 'canary' },
    run: (watched) => watched.rotate('web'),
  },
  { name: 'a rotation of a secret key', run: (watched) => watched.rotate('export') },
  {
    name: 'rotations that are refused',
    vault: { stagedIs: 'rejected' },
    async run(watched) {
      for (const key of ['web', 'broken', 'bare', 'odd', 'twice']) await watched.rotate(key);
    },
  },
  {
    name: 'a rotation of a key of the other region',
    vault: { stagedIs: 'elsewhere' },
    run: (watched) => watched.rotate('web'),
  },
  { name: 'a sweep', run: (watched) => watched.invoke('lifecycle', {}) },
  {
    name: 'sweeps of two days, with a dead rotation, told to a chat',
    vault: { pending: true, format: 'chat' },
    async run(watched) {
      for (let hours = 0; hours < 48; hours += 6) {
        watched.world.aws.clock.advance(6 * HOUR);
        await watched.invoke('lifecycle', { dryRun: hours === 24 });
      }
    },
  },
  {
    name: 'questions to inspect',
    async run(watched) {
      const fingerprint = fingerprintOf(watched.canaries.key('retained'));
      await watched.invoke('inspect', { action: 'inventory' });
      await watched.invoke('inspect', { action: 'which', fingerprint });
      for (const key of ['web', 'export', 'bare', 'broken']) {
        await watched.invoke('inspect', { action: 'verify', key });
      }
    },
  },
  {
    name: 'an assessment by the event history',
    run: (watched) => watched.invoke('inspect', { action: 'assess', key: 'web' }),
  },
  {
    name: 'an assessment by Logs Insights',
    vault: { insights: true },
    run: (watched) => watched.invoke('inspect', { action: 'assess', key: 'web' }),
  },
  emergency('a revocation', { action: 'revoke', key: 'web' }),
  emergency('a revocation of a staged key', { action: 'revoke', key: 'web', version: 'staged' }),
  emergency('a revocation of a secret key', { action: 'revoke', key: 'export' }),
  emergency('a revocation of a value that is no document', { action: 'revoke', key: 'bare' }),
  emergency('the plan of a revocation', { action: 'revoke', key: 'web', dryRun: true }),
  emergency(
    'a revocation with a rejected key staged',
    { action: 'revoke', key: 'web' },
    {
      stagedIs: 'rejected',
    },
  ),
  emergency(
    'a revocation with nothing staged',
    { action: 'revoke', key: 'web' },
    { staged: false },
  ),
  emergency('a rollback', { action: 'rollback', key: 'web' }),
  emergency('a lockdown of a key', { action: 'lockdown', ...ofWeb }),
  {
    name: 'a lockdown of the environment, and its end',
    async run(watched) {
      for (const action of ['lockdown', 'unlock']) {
        await watched.invoke('emergency', { action, ...ofAll, reason: 'breach' });
      }
    },
  },
  {
    name: 'a rotation of values with keys in their names',
    vault: PASTED,
    run: (watched) => watched.rotate('web'),
  },
  {
    name: 'a sweep of values with keys in their names',
    vault: PASTED,
    run: (watched) => watched.invoke('lifecycle', {}),
  },
  {
    name: 'questions about values with keys in their names',
    vault: PASTED,
    async run(watched) {
      await watched.invoke('inspect', { action: 'inventory' });
      await watched.invoke('inspect', { action: 'verify', key: 'web' });
      await watched.invoke('inspect', { action: 'assess', key: 'web' });
    },
  },
  emergency(
    'a revocation of values with keys in their names',
    { action: 'revoke', key: 'web' },
    PASTED,
  ),
  {
    name: 'reads of keys whose records have keys in them, told to a chat',
    vault: { guarded: true, format: 'chat' },
    async run(watched) {
      const records = pastedRecords(watched.canaries.key('pasted'));
      await watched.invoke(GUARD_NOUN, batchOf(records));
      // The sign-in is by one who has read a key by then
      await watched.invoke(GUARD_NOUN, batchOf(records));
      await watched.invoke('inspect', { action: 'inventory' });
      await watched.invoke('inspect', { action: 'quarantines' });
      await watched.invoke('lifecycle', {});
    },
  },
  {
    name: 'events with keys in them',
    alone: true,
    async run(watched) {
      for (const { noun, event } of pastedEvents(watched.canaries.key('pasted'))) {
        await watched.invoke(noun, event);
      }
    },
  },
];
