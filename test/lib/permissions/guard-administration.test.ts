import { describe, expect, it } from 'vitest';
import { QUARANTINE_TAGS, tag } from '../../../lambda/contract.ts';
import type { Deployed } from '../../aws/policy/deployed.ts';
import { arn, PLACE } from '../../aws/policy/intrinsics.ts';
import { read } from '../../aws/policy/reading.ts';
import { accountOf, exampleKey, synthesize } from '../synthesized.ts';
import { allowedIn } from './allowed.ts';
import { STATES } from './who-reads.ts';

const keys = { server: exampleKey };
const guardedBy = (accessGuard: object) => accountOf(synthesize({ accessGuard, keys }));
const observing = guardedBy({});
const quarantining = guardedBy({ answer: 'quarantine' });
const revoking = guardedBy({ answer: 'quarantine', revokeAt: 95 });

const secretOf = ({ secrets: [secret] }: Deployed) => ({
  resource: secret?.arn ?? '',
  policy: secret?.policy,
});
const cmkOf = ({ keysCmk: { arn: resource, policy } }: Deployed) => ({
  resource,
  policy,
  needsPolicy: true,
});

describe('the tags by which readers are denied', () => {
  const tags = (world: Deployed, ...TagKeys: string[]) =>
    ['TagResource', 'UntagResource'].map((name) =>
      allowedIn(world, `secretsmanager:${name}`, secretOf(world), { 'aws:TagKeys': TagKeys }),
    );
  const all = Array.from({ length: QUARANTINE_TAGS }, (_, index) => tag.quarantine(index + 1));

  it('are set by the functions that answer a risk, and taken off by break-glass too', () => {
    for (const names of [...all.map((one) => [one]), all]) {
      expect(tags(quarantining, ...names)).toEqual([
        ['access-guard', 'emergency', 'lifecycle'],
        ['access-guard', 'break-glass', 'emergency', 'lifecycle'],
      ]);
    }
  });

  it('are set by nobody while the guard observes, and taken off by whoever finds them', () => {
    expect(tags(observing, ...all)).toEqual([[], ['break-glass', 'lifecycle']]);
  });

  it('are these and no others', () => {
    for (const name of [tag.quarantine(QUARANTINE_TAGS + 1), 'amplitude-quarantine']) {
      expect(tags(quarantining, name)).toEqual([[], []]);
    }
  });

  it.each([
    ['the lockdown', [tag.lockdown], ['break-glass', 'emergency']],
    ['a note', ['amplitude-note-reminded'], ['emergency', 'lifecycle']],
    ['a setting', [tag.owner], []],
    ['who may read', [tag.consumer(1)], []],
    ['a quarantine and a setting', [tag.quarantine(1), tag.owner], []],
    ['a quarantine and the lockdown', [tag.quarantine(1), tag.lockdown], []],
  ])('give the guard no other: %s', (_, names, expected) => {
    for (const world of [observing, quarantining, revoking]) {
      expect(tags(world, ...names)[0]).toEqual(expected);
    }
  });
});

describe('what the guard remembers', () => {
  const table = { resource: arn('dynamodb', 'table/amplitude-dev-access-guard') };
  const may = (world: Deployed, name: string, ...leadingKeys: string[]) =>
    allowedIn(world, `dynamodb:${name}`, table, { 'dynamodb:LeadingKeys': leadingKeys });

  it('is changed by it alone, but for which quarantines there are to be', () => {
    const item = ['access-guard', 'emergency', 'lifecycle'];
    expect(may(quarantining, 'PutItem', 'quarantines')).toEqual(item);
    expect(may(quarantining, 'PutItem', 'baseline arn')).toEqual(['access-guard']);
    expect(may(quarantining, 'PutItem', 'quarantines', 'baseline arn')).toEqual(['access-guard']);
    expect(may(quarantining, 'UpdateItem', 'quarantines')).toEqual(['access-guard']);
    expect(may(observing, 'PutItem', 'quarantines')).toEqual(['access-guard', 'emergency']);
  });

  it('is read by it and by inspect, which tells of it', () => {
    expect(may(quarantining, 'GetItem', 'quarantines')).toEqual([
      'access-guard',
      'emergency',
      'inspect',
      'lifecycle',
    ]);
    expect(may(quarantining, 'GetItem', 'baseline arn')).toEqual(['access-guard', 'inspect']);
  });

  it('is read and changed by no call that names no item', () => {
    const one = (name: string) => allowedIn(quarantining, `dynamodb:${name}`, table);
    expect(one('PutItem')).toEqual(['access-guard']);
    for (const name of ['Scan', 'Query', 'DeleteItem', 'BatchWriteItem', 'UpdateTable']) {
      expect(one(name)).toEqual([]);
    }
  });
});

describe('of the event bus', () => {
  const bus = { resource: arn('events', 'event-bus/default') };
  const tells = (world: Deployed, type: string, source = 'amplitude-keys') =>
    allowedIn(world, 'events:PutEvents', bus, {
      'events:source': source,
      'events:detail-type': type,
    });

  it('a quarantine is told by the guard, and by the sweep what was left untold', () => {
    expect(tells(quarantining, 'Amplitude Reader Quarantined')).toEqual([
      'access-guard',
      'lifecycle',
    ]);
    expect(tells(observing, 'Amplitude Reader Quarantined')).toEqual([]);
  });

  it('nothing else is told by the guard', () => {
    const others = ['emergency', 'lifecycle', 'rotation'];
    expect(tells(quarantining, 'Amplitude Key Rotated')).toEqual(others);
    expect(tells(quarantining, 'Amplitude Reader Quarantined', 'aws.secretsmanager')).toEqual([]);
    expect(tells(quarantining, 'Other')).toEqual([]);
  });
});

describe('of IAM', () => {
  const user = { resource: `arn:aws:iam::${PLACE.account}:user/path/ada` };

  it('the guard is told whether a user has an MFA device', () => {
    for (const world of [observing, quarantining]) {
      expect(allowedIn(world, 'iam:ListMFADevices', user)).toEqual(['access-guard']);
    }
    const other = { resource: 'arn:aws:iam::444455556666:user/ada' };
    expect(allowedIn(quarantining, 'iam:ListMFADevices', other)).toEqual([]);
  });

  it.each(['GetUser', 'ListAccessKeys', 'UpdateAccessKey', 'DeactivateMFADevice', 'PutUserPolicy'])(
    'nobody of the stack may %s',
    (name) => {
      expect(allowedIn(revoking, `iam:${name}`, user)).toEqual([]);
    },
  );
});

describe('the function that replaces keys and releases readers is invoked', () => {
  const invokers = (world: Deployed) =>
    allowedIn(world, 'lambda:InvokeFunction', {
      resource: arn('lambda', 'function:amplitude-dev-emergency'),
    });

  it('by the guard only where it may revoke: whoever may invoke it may release', () => {
    expect(invokers(observing)).toEqual(['lifecycle', 'responder']);
    expect(invokers(quarantining)).toEqual(['lifecycle', 'responder']);
    expect(invokers(revoking)).toEqual(['access-guard', 'lifecycle', 'responder']);
  });
});

describe.each([
  ['observes', observing],
  ['quarantines', quarantining],
  ['revokes', revoking],
])('a guard that %s', (_, world) => {
  const guard = (action: string, owned: Parameters<typeof allowedIn>[2]) =>
    allowedIn(world, action, owned).includes('access-guard');

  it('reads no key', () => {
    const role = world.roles.find(({ name }) => name === 'access-guard');
    if (!role) throw new Error('There is no guard.');
    expect(read(world, role, 'amplitude/dev/server', {}, STATES.normal)).toBe('explicit deny');
  });

  it.each([
    'DescribeSecret',
    'PutResourcePolicy',
    'DeleteResourcePolicy',
    'UpdateSecretVersionStage',
    'PutSecretValue',
    'DeleteSecret',
    'RotateSecret',
  ])('may not %s', (name) => {
    expect(guard(`secretsmanager:${name}`, secretOf(world))).toBe(false);
  });

  it.each(['DisableKey', 'EnableKey', 'PutKeyPolicy', 'CreateGrant'])(
    'may not %s the CMK of the keys',
    (name) => {
      expect(guard(`kms:${name}`, cmkOf(world))).toBe(false);
    },
  );

  it('may invoke no function but inspect, and emergency where it revokes', () => {
    const nouns = ['rotation', 'lifecycle', 'inspect', 'emergency', 'access-guard'];
    const invoked = nouns.filter((noun) =>
      guard('lambda:InvokeFunction', { resource: arn('lambda', `function:amplitude-dev-${noun}`) }),
    );
    expect(invoked).toEqual(world === revoking ? ['inspect', 'emergency'] : ['inspect']);
  });
});
