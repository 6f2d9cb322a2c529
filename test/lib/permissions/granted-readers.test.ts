import { describe, expect, it } from 'vitest';
import { isDenied, type Principal } from '../../aws/policy/authorize.ts';
import type { Deployed } from '../../aws/policy/deployed.ts';
import { PLACE } from '../../aws/policy/intrinsics.ts';
import { type Answer, type Read, read, type State } from '../../aws/policy/reading.ts';
import { accountOf, exampleKey, synthesize } from '../synthesized.ts';
import { principals, STATES } from './who-reads.ts';

const OTHER = '444455556666';
const THIRD = '777788889999';
const ENDPOINT = 'vpce-0a1b2c3d4e5f60718';
const ORGANIZATION = 'o-a1b2c3d4e5';
const END = '2026-12-01T00:00:00Z';

const role = (name: string, account: string = PLACE.account) =>
  `arn:aws:iam::${account}:role/${name}`;
const purpose = 'events';
const consumers = [
  { role: role('web'), purpose },
  { role: `arn:aws:iam::${PLACE.account}:user/build`, purpose },
  { account: OTHER, roleName: 'service/api', purpose },
  { principalTag: { key: 'team', value: 'web' }, purpose },
  { principalTag: { key: 'job', value: 'batch' }, purpose, expires: END },
  // Where the account isn't pinned, a stack can't know that this one is its own.
  { account: PLACE.account, principalTag: { key: 'squad', value: 'core' }, purpose },
  { account: OTHER, principalTag: { key: 'Team', value: 'api' }, purpose },
  { role: role('trial'), purpose, expires: END },
  { account: OTHER, roleName: 'trial', purpose, from: '2026-11-30', expiresIn: 86_400 },
  { role: role('private'), purpose, vpcEndpoint: ENDPOINT },
  { account: OTHER, roleName: 'private', purpose, vpcEndpoint: ENDPOINT },
  { role: role('member'), purpose, organization: ORGANIZATION },
  { role: role('both'), purpose, expires: END, vpcEndpoint: ENDPOINT },
];
const keys = { server: { ...exampleKey, consumers }, api: exampleKey };

/** Of the stack whose account is pinned, and of the one that goes where the credentials point. */
const worlds = {
  pinned: accountOf(synthesize({ account: PLACE.account, region: PLACE.region, keys })),
  unpinned: accountOf(synthesize({ keys })),
};

const admin = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
/** Whose own policies allow everything. */
const who = (id: string, more: Partial<Principal> = {}): Principal => ({
  kind: 'identity',
  id,
  account: id.split(':')[4] ?? '',
  policies: [admin],
  ...more,
});
const tagged = (id: string, tags: Record<string, string>) => who(id, { tags });
const member = (id: string, organization: string) => who(id, { organization });

const before = { ...STATES.normal, at: '2026-11-30T23:59:59Z' };
const after = { ...STATES.normal, at: END };
const through = (endpoint: string): Read => ({ endpoint });

type Row = [title: string, who: Principal, expected: Answer, how?: Read, state?: State];

const ROWS: Row[] = [
  ['a role', who(role('web')), 'reads'],
  [
    'a role by the label of a retained key',
    who(role('web')),
    'reads',
    { VersionStage: 'RETAINED-UNTIL-20261224T000000Z-0a1b2c3d' },
  ],
  ['a role by version id', who(role('web')), 'explicit deny', { VersionId: '0a1b2c3d' }],
  ['a role by AWSPENDING', who(role('web')), 'explicit deny', { VersionStage: 'AWSPENDING' }],
  ['a role whose own policies allow nothing', who(role('web'), { policies: [] }), 'implicit deny'],
  ['a role of another name', who(role('web2')), 'explicit deny'],
  ['a role of that name in another account', who(role('web', OTHER)), 'explicit deny'],
  ['a user', who(`arn:aws:iam::${PLACE.account}:user/build`), 'reads'],
  ['a role of another account', who(role('service/api', OTHER)), 'reads'],
  [
    'a role of another account whose own policies allow nothing',
    who(role('service/api', OTHER), { policies: [] }),
    'implicit deny',
  ],
  ['a role of that name here', who(role('service/api')), 'explicit deny'],
  ['who has the tag', tagged(role('x'), { team: 'web' }), 'reads'],
  ['who has the tag in another spelling', tagged(role('x'), { Team: 'web' }), 'reads'],
  [
    'who has a tag that is granted here by the number of the account',
    tagged(role('x'), { squad: 'core' }),
    'reads',
  ],
  ['who has another value of the tag', tagged(role('x'), { team: 'api' }), 'explicit deny'],
  [
    'who has the tag in an account that it is not granted in',
    tagged(role('x', OTHER), { team: 'web' }),
    'implicit deny',
  ],
  [
    'who has the tag in an account without any grant',
    tagged(role('x', THIRD), { team: 'web' }),
    'implicit deny',
  ],
  ['who has the tag of another account there', tagged(role('x', OTHER), { team: 'api' }), 'reads'],
  [
    'who has the tag of another account in a third',
    tagged(role('x', THIRD), { team: 'api' }),
    'explicit deny',
  ],
  ['nobody that is named, in another account with grants', who(role('x', OTHER)), 'explicit deny'],
  ['a role before its grant ends', who(role('trial')), 'reads', {}, before],
  ['a role whose grant ended', who(role('trial')), 'explicit deny', {}, after],
  [
    'a role of another account before its grant ends',
    who(role('trial', OTHER)),
    'reads',
    {},
    before,
  ],
  [
    'a role of another account whose grant ended',
    who(role('trial', OTHER)),
    'explicit deny',
    {},
    after,
  ],
  ['who has a tag before its grant ends', tagged(role('x'), { job: 'batch' }), 'reads', {}, before],
  [
    'who has a tag whose grant ended',
    tagged(role('x'), { job: 'batch' }),
    'explicit deny',
    {},
    after,
  ],
  [
    'a role that a tag without an end names too',
    tagged(role('trial'), { team: 'web' }),
    'explicit deny',
    {},
    after,
  ],
  ['a role through its endpoint', who(role('private')), 'reads', through(ENDPOINT)],
  [
    'a role through another endpoint',
    who(role('private')),
    'explicit deny',
    through('vpce-00000000'),
  ],
  ['a role through no endpoint', who(role('private')), 'explicit deny'],
  [
    'a role of another account through its endpoint',
    who(role('private', OTHER)),
    'reads',
    through(ENDPOINT),
  ],
  ['a role of another account through no endpoint', who(role('private', OTHER)), 'explicit deny'],
  ['a role of its organization', member(role('member'), ORGANIZATION), 'reads'],
  ['a role of another organization', member(role('member'), 'o-0000000000'), 'explicit deny'],
  ['a role of no organization', who(role('member')), 'explicit deny'],
  [
    'a role through its endpoint, before its grant ends',
    who(role('both')),
    'reads',
    through(ENDPOINT),
    before,
  ],
  [
    'a role through no endpoint, before its grant ends',
    who(role('both')),
    'explicit deny',
    {},
    before,
  ],
  [
    'a role through its endpoint whose grant ended',
    who(role('both')),
    'explicit deny',
    through(ENDPOINT),
    after,
  ],
  ['a role that nobody granted anything', who(role('admin')), 'explicit deny'],
];

describe.each(Object.entries(worlds))('in a stack whose account is %s, the key', (_, world) => {
  it.each(ROWS)('and %s: %s', (_title, principal, expected, how = {}, state = STATES.normal) => {
    expect(read(world, principal, 'amplitude/dev/server', how, state)).toBe(expected);
  });

  const readers = ROWS.filter(([, , expected]) => expected === 'reads');

  it.each(readers)(
    'under a lockdown is read by no consumer: %s',
    (_title, principal, _expected, how = {}, state = STATES.normal) => {
      const locked = { ...state, tags: STATES['key locked down'].tags };
      expect(read(world, principal, 'amplitude/dev/server', how, locked)).toBe('explicit deny');
      const disabled = { ...state, isCmkEnabled: false };
      expect(read(world, principal, 'amplitude/dev/server', how, disabled)).toBe('CMK disabled');
    },
  );

  it.each(readers)(
    'that is another one is not read: %s',
    (_title, principal, _expected, how = {}, state = STATES.normal) => {
      expect(read(world, principal, 'amplitude/dev/api', how, state)).not.toBe('reads');
    },
  );

  const cast = principals(world);
  const answer = (name: string, how: Read, state: State) => {
    const principal = cast.get(name);
    if (!principal) throw new Error(`There is no ${name}.`);
    return read(world, principal, 'amplitude/dev/server', how, state);
  };
  it('is read by the probe, whatever tags the stack gives its roles, and under a lockdown is not', () => {
    const probe = cast.get('probe');
    if (!probe) throw new Error('There is no probe.');
    const who = { ...probe, tags: { job: 'batch' } };
    const locked = { ...after, tags: STATES['key locked down'].tags };
    expect(read(world, who, 'amplitude/dev/server', {}, after)).toBe('reads');
    expect(read(world, who, 'amplitude/dev/server', {}, locked)).toBe('explicit deny');
  });

  const ways: Read[] = [{}, { VersionId: '0a1b2c3d' }, through('vpce-00000000')];

  it.each(['rotation', 'lifecycle', 'inspect', 'emergency', 'break-glass', 'cfn-exec'])(
    'is read by %s without a grant, in any way, at any time, and under a lockdown',
    (name) => {
      for (const how of ways) {
        for (const state of [before, after, STATES['key locked down']]) {
          expect(answer(name, how, state)).toBe('reads');
        }
      }
    },
  );

  it('is read by the probe as a consumer reads, unless a lockdown denies it', () => {
    expect(answer('probe', {}, after)).toBe('reads');
    expect(answer('probe', { VersionId: '0a1b2c3d' }, after)).toBe('explicit deny');
    expect(answer('probe', {}, STATES['key locked down'])).toBe('explicit deny');
  });

  it('is not read by who has a tag that is granted in this account in another one', () => {
    const elsewhere = tagged(role('x', OTHER), { squad: 'core' });
    expect(read(world, elsewhere, 'amplitude/dev/server', {}, STATES.normal)).not.toBe('reads');
  });

  it('is described by whoever else may: the grants are about its value alone', () => {
    const [secret] = world.secrets;
    const asked = { resource: secret?.arn ?? '', context: {} };
    const describes = { action: 'secretsmanager:DescribeSecret', ...asked };
    expect(isDenied(secret?.policy, who(role('admin')), describes)).toBe(false);
  });
});

describe('the rows are no dead letters: without', () => {
  const without = (world: Deployed, sid: RegExp): Deployed => {
    const rest = (policy: unknown) => ({
      Statement: (policy as { Statement: { Sid?: string }[] }).Statement.filter(
        ({ Sid }) => !sid.test(Sid ?? ''),
      ),
    });
    const { keysCmk, secrets } = world;
    return {
      ...world,
      keysCmk: { ...keysCmk, policy: rest(keysCmk.policy) },
      secrets: secrets.map((secret) => ({ ...secret, policy: rest(secret.policy) })),
    };
  };
  const changed = (sid: RegExp) =>
    ROWS.filter(
      ([, principal, expected, how = {}, state = STATES.normal]) =>
        read(without(worlds.unpinned, sid), principal, 'amplitude/dev/server', how, state) !==
        expected,
    ).map(([title]) => title);

  it.each<[RegExp, string]>([
    [/^(OnlyGranted|SecretsAreFor)/, 'a role that nobody granted anything'],
    [/^GrantEnded/, 'a role whose grant ended'],
    [/^NotThrough/, 'a role through no endpoint'],
    [/^NotOf/, 'a role of another organization'],
    [/^Granted\d/, 'a role of another account'],
  ])('%s: %s', (sid, title) => {
    expect(changed(sid)).toContain(title);
  });
});
