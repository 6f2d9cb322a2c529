import { describe, expect, it } from 'vitest';
import { QUARANTINE_TAGS, tag } from '../../../lambda/contract.ts';
import type { Denied, Kept } from '../../../lambda/domain/quarantine/quarantine.ts';
import { tagsFor } from '../../../lambda/domain/quarantine/tags.ts';
import type { Principal } from '../../aws/policy/authorize.ts';
import { PLACE } from '../../aws/policy/intrinsics.ts';
import { type Answer, type Read, read } from '../../aws/policy/reading.ts';
import { accountOf, exampleKey, synthesize } from '../synthesized.ts';
import { principals, STATES } from './who-reads.ts';

const OTHER = '444455556666';
const role = (name: string, account: string = PLACE.account) =>
  `arn:aws:iam::${account}:role/${name}`;
const purpose = 'events';
const consumers = [
  { role: role('service/web'), purpose },
  { role: role('web2'), purpose },
  { role: `arn:aws:iam::${PLACE.account}:user/build`, purpose },
  { account: OTHER, roleName: 'api', purpose },
  { principalTag: { key: 'team', value: 'web' }, purpose },
];
const keys = { server: { ...exampleKey, consumers } };
const world = accountOf(synthesize({ accessGuard: { answer: 'quarantine' }, keys }));
const observing = accountOf(synthesize({ accessGuard: {}, keys }));

const admin = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
const who = (id: string, userid: string, more: Partial<Principal> = {}): Principal => ({
  kind: 'identity',
  id,
  userid,
  account: id.split(':')[4] ?? '',
  policies: [admin],
  ...more,
});
const web = (session = 'laptop') => who(role('service/web'), `AROAWEB:${session}`);
const web2 = who(role('web2'), 'AROAWEB2:laptop');
const build = who(`arn:aws:iam::${PLACE.account}:user/build`, 'AIDABUILD');
const api = who(role('api', OTHER), 'AROAAPI:laptop');
const tagged = who(role('x'), 'AROAX:laptop', { tags: { team: 'web' } });
const CONSUMERS = { web: web(), web2, build, api, tagged };

const now = new Date('2026-11-24T00:00:00Z');
const kept = (denied: Denied, slot = 1): Kept => ({
  id: '0a1b2c3d',
  denied,
  principal: role('service/web'),
  score: 90,
  reasons: [],
  eventId: 'event',
  at: '2026-11-23T23:00:00Z',
  until: '2026-11-24T23:00:00Z',
  isAnnounced: true,
  slot,
});
/** A secret with the tags that the functions set. */
const quarantined = (...all: Kept[]) => ({ ...STATES.normal, tags: tagsFor(all, now) });
const withTag = (name: string, value: string) => ({ ...STATES.normal, tags: { [name]: value } });
const denying = (denied: Denied, slot = 1) => quarantined(kept(denied, slot));

const answer = (principal: Principal, state = STATES.normal as object, how: Read = {}): Answer =>
  read(world, principal, 'amplitude/dev/server', how, state as typeof STATES.normal);
/** Of all consumers, those who are denied. */
const denied = (state: object, how: Read = {}) =>
  Object.entries(CONSUMERS)
    .filter(([, principal]) => answer(principal, state, how) === 'explicit deny')
    .map(([name]) => name);

const NUMBERS = Array.from({ length: QUARANTINE_TAGS }, (_, index) => index + 1);
const ENDPOINT: Read = { endpoint: 'vpce-0a1b2c3d4e5f60718' };

describe('without a quarantine', () => {
  it('every consumer reads, from an address and through a VPC endpoint', () => {
    expect(denied(STATES.normal)).toEqual([]);
    expect(denied(STATES.normal, ENDPOINT)).toEqual([]);
    expect(answer(web())).toBe('reads');
  });
});

describe('a quarantine', () => {
  it.each(NUMBERS)(
    'of a session denies it, and no other session of its role, by tag %i',
    (slot) => {
      const state = denying({ session: 'AROAWEB:laptop' }, slot);
      expect(Object.keys(state.tags)).toEqual([`amplitude-quarantine-${slot}`]);
      expect(denied(state)).toEqual(['web']);
      expect(answer(web('other'), state)).toBe('reads');
      expect(answer(web(), state, ENDPOINT)).toBe('explicit deny');
    },
  );

  it.each<[string, Denied, string[]]>([
    ['a role with all its sessions', { principal: role('service/web') }, ['web']],
    ['a user', { principal: build.id }, ['build']],
    ['a user by its id', { session: 'AIDABUILD' }, ['build']],
    ['a role of another account', { principal: api.id }, ['api']],
    ['whoever has a tag, by its session', { session: 'AROAX:laptop' }, ['tagged']],
  ])('of %s denies it alone', (_, target, expected) => {
    expect(denied(denying(target))).toEqual(expected);
    expect(denied(denying(target), ENDPOINT)).toEqual(expected);
  });

  it.each([
    ['203.0.113.9', '203.0.113.90'],
    ['203.0.113.9', '3.0.113.9'],
    ['2001:db8::1', '2001:db8::10'],
    ['2001:db8::1', '1:2001:db8::1'],
  ])('of address %s denies everybody there, and nobody at %s', (address, other) => {
    const state = denying({ address });
    expect(denied(state, { address })).toEqual(Object.keys(CONSUMERS));
    expect(denied(state, { address: other })).toEqual([]);
    expect(denied(state)).toEqual([]);
  });

  it('of an address denies nobody who comes through a VPC endpoint, where there is none', () => {
    expect(denied(denying({ address: '203.0.113.9' }), ENDPOINT)).toEqual([]);
  });

  it('of a session and its address denies each of the two', () => {
    const state = denying({ session: 'AROAWEB:laptop', address: '203.0.113.9' });
    expect(denied(state)).toEqual(['web']);
    expect(denied(state, { address: '203.0.113.9' })).toEqual(Object.keys(CONSUMERS));
  });

  it('is one of several in a tag, and in several tags', () => {
    const state = quarantined(
      kept({ session: 'AROAWEB:laptop' }, 1),
      kept({ principal: api.id, address: '203.0.113.9' }, 1),
      kept({ session: 'AIDABUILD' }, 4),
    );
    expect(denied(state)).toEqual(['web', 'build', 'api']);
    expect(answer(web2, state, { address: '203.0.113.9' })).toBe('explicit deny');
  });

  it('that is over, or that was released, denies nobody', () => {
    const over = { ...kept({ session: 'AROAWEB:laptop' }), until: now.toISOString() };
    const released = { ...kept({ session: 'AIDABUILD' }), releasedAt: now.toISOString() };
    expect(denied(quarantined(over, released))).toEqual([]);
  });

  const cast = principals(world);
  const everything = NUMBERS.map((slot) =>
    kept({ address: ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'][slot - 1] ?? '' }, slot),
  );
  it.each(['rotation', 'lifecycle', 'inspect', 'emergency', 'break-glass', 'cfn-exec'])(
    'holds %s back by nothing that a tag may say',
    (name) => {
      const principal = cast.get(name);
      if (!principal) throw new Error(`There is no ${name}.`);
      const { id } = principal;
      const states = [
        quarantined(...everything),
        withTag('amplitude-quarantine-1', `denied ${id} denied`),
        withTag('amplitude-quarantine-2', `denied AROAX:s none 192.0.2.1 denied`),
      ];
      const one = { ...principal, userid: 'AROAX:s' };
      expect(states.map((state) => answer(one, state))).toEqual(['reads', 'reads', 'reads']);
    },
  );

  it('holds the probe back as it would a consumer', () => {
    const probe = cast.get('probe');
    if (!probe) throw new Error('There is no probe.');
    expect(answer(probe, denying({ principal: probe.id }))).toBe('explicit deny');
  });
});

describe('a word of a tag is no part of another:', () => {
  const session = 'AROAWEB:laptop';
  it.each([
    ['the beginning of a longer one', 'denied AROAWEB:laptop2 denied'],
    ['the end of a longer one', 'denied XAROAWEB:laptop denied'],
    ['one in another case', 'denied aroaweb:laptop denied'],
    ['a tag of one word', session],
    ['the first of a tag without a mark', `${session} denied`],
    ['the last of a tag without a mark', `denied ${session}`],
    ['a longer role', `denied ${role('service/web-2')} denied`],
    ['a role without its path', `denied ${role('web')} denied`],
    ['a role of another account', `denied ${role('service/web', OTHER)} denied`],
    ['the mark', 'denied denied denied'],
  ])('%s denies nobody', (_, value) => {
    expect(answer(web(), withTag(tag.quarantine(1), value))).toBe('reads');
    expect(answer(web(), withTag(tag.quarantine(1), `denied ${session} denied`))).toBe(
      'explicit deny',
    );
  });

  it('what stands for nothing is a word that the functions never write', () => {
    expect(tagsFor([kept({ session: 'none', address: 'none' })], now)).toEqual({});
  });
});

describe('the tags alone deny nothing', () => {
  it.each([
    ['another tag', withTag(tag.quarantine(QUARANTINE_TAGS + 1), 'denied AROAWEB:laptop denied')],
    ['no number', withTag('amplitude-quarantine', 'denied AROAWEB:laptop denied')],
  ])('as %s', (_, state) => {
    expect(answer(web(), state)).toBe('reads');
  });

  it('where the guard only observes', () => {
    const state = denying({ session: 'AROAWEB:laptop', address: '192.0.2.1' });
    expect(answer(web(), state)).toBe('explicit deny');
    expect(read(observing, web(), 'amplitude/dev/server', {}, state)).toBe('reads');
  });
});

describe('the denies are no dead letters:', () => {
  const without = (sid: string) => ({
    ...world,
    secrets: world.secrets.map((secret) => ({
      ...secret,
      policy: {
        ...(secret.policy as object),
        Statement: (secret.policy as { Statement: { Sid?: string }[] }).Statement.filter(
          ({ Sid }) => Sid !== sid,
        ),
      },
    })),
  });

  it.each(NUMBERS)('without Quarantined%i its tag denies nobody', (slot) => {
    const state = denying({ session: 'AROAWEB:laptop' }, slot);
    const changed = without(`Quarantined${slot}`);
    expect(read(changed, web(), 'amplitude/dev/server', {}, state)).toBe('reads');
    expect(answer(web(), state)).toBe('explicit deny');
  });

  it("the CMK's policy has none: a quarantine of the guard never locks the keys themselves", () => {
    expect(JSON.stringify(world.keysCmk.policy)).not.toContain('quarantine');
  });
});
