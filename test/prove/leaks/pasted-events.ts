import type { CoreNoun } from '../../../lambda/contract.ts';

/** An invocation by hand with a key where it doesn't belong. */
export interface PastedEvent {
  readonly noun: CoreNoun;
  readonly where: string;
  readonly event: unknown;
}

const ROTATION = {
  Step: 'createSecret',
  SecretId: 'amplitude/dev/web',
  ClientRequestToken: 'b1946ac9-4931-4bd7-9d4c-1e0f00d4e8a1',
};
const EVENTS: Readonly<Record<CoreNoun, readonly object[]>> = {
  rotation: [ROTATION],
  lifecycle: [{ dryRun: true, caller: 'ann' }],
  inspect: [
    { action: 'inventory', key: 'web', caller: 'ann' },
    { action: 'verify', key: 'web' },
    { action: 'which', fingerprint: '0123456789ab' },
    { action: 'assess', key: 'web', version: 'current', hours: 72 },
    { action: 'readers', key: 'web' },
    { action: 'quarantines', caller: 'ann' },
  ],
  emergency: [
    {
      action: 'revoke',
      key: 'web',
      version: 'current',
      reason: 'leaked',
      caller: 'ann',
      dryRun: true,
    },
    { action: 'rollback', key: 'web', version: 'previous', reason: 'wrong', caller: 'ann' },
    { action: 'lockdown', scope: 'key', key: 'web', reason: 'leaked', caller: 'ann' },
    { action: 'unlock', scope: 'environment', reason: 'over', caller: 'ann' },
    { action: 'release', quarantine: '0123abcd', reason: 'our own', caller: 'ann' },
  ],
};

/** Every field of every event replaced by a key, and by a text that has one in it. */
export function pastedEvents(key: string): PastedEvent[] {
  return (Object.keys(EVENTS) as CoreNoun[]).flatMap((noun) => [
    ...EVENTS[noun].flatMap((event) => pastedInto(noun, event, key)),
    { noun, where: 'in place of the event', event: key },
    { noun, where: 'as a field of its own', event: { [key]: 'current' } },
  ]);
}

function pastedInto(noun: CoreNoun, event: object, key: string): PastedEvent[] {
  return Object.keys(event).flatMap((field) => [
    { noun, where: `as ${field}`, event: { ...event, [field]: key } },
    { noun, where: `within ${field}`, event: { ...event, [field]: `it was ${key}, I think` } },
  ]);
}
