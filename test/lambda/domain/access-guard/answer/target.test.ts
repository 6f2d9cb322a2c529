import { describe, expect, it } from 'vitest';
import { addressRanges } from '../../../../../lambda/adapters/address-ranges.ts';
import { isDeclared } from '../../../../../lambda/domain/access-guard/answer/declared.ts';
import {
  isExempt,
  type ReaderFacts,
  targetOf,
} from '../../../../../lambda/domain/access-guard/answer/target.ts';
import type { RecordedCall } from '../../../../../lambda/domain/access-guard/call.ts';
import { ANN, BACKEND, call, NOW, RULES, STRANGER } from './weighed.ts';

type Of = Omit<Partial<ReaderFacts>, 'call'> & { readonly call?: Partial<RecordedCall> };
const around = { rules: RULES, isWithin: addressRanges.isWithin };

const target = (of: Of = {}, rules = {}) =>
  targetOf(
    {
      declared: 'no',
      risk: { isUsualPlace: false, isUsualSession: false },
      isAddressKept: false,
      isKeyToldBySession: false,
      ...of,
      call: call(of.call),
    },
    { ...around, rules: { ...RULES, ...rules } },
  );
const session = 'AROAEXAMPLE:laptop';
const address = '203.0.113.9';

describe('of a principal without a grant', () => {
  it('the whole role is denied, the session and the address', () => {
    expect(target()).toEqual({
      denied: { session, principal: STRANGER, address },
      spared: [],
    });
  });

  it('no session is named that looks like a key: its role is denied anyway', () => {
    const userId = `AROAEXAMPLE:${'1f0e9d8c'.repeat(4)}`;
    expect(target({ call: { userId } }).denied).toEqual({ principal: STRANGER, address });
  });

  it('of this account a user is denied, and root', () => {
    const user = { principal: ANN, kind: 'IAMUser', userId: 'AIDAEXAMPLE' } as const;
    expect(target({ call: user }).denied).toEqual({
      session: 'AIDAEXAMPLE',
      principal: ANN,
      address,
    });
    const root = 'arn:aws:iam::111122223333:root';
    expect(target({ call: { principal: root, kind: 'Root' } }).denied.principal).toBe(root);
  });

  it('of another account the session is denied, since its ARN is not told', () => {
    expect(target({ call: { principal: '444455556666', kind: 'AWSAccount' } })).toEqual({
      denied: { session, address },
      spared: ['of 444455556666 CloudTrail tells no ARN of a role or user'],
    });
  });

  it('of a federated user its session is denied: the ARN is of the user who made it', () => {
    const federated = { principal: ANN, kind: 'other', userId: '111122223333:bob' } as const;
    expect(target({ call: federated })).toEqual({
      denied: { session: '111122223333:bob', address },
      spared: [`of ${ANN} CloudTrail tells no ARN of a role or user`],
    });
  });

  it('an ARN that policies do not see is not denied', () => {
    const principal = 'arn:aws:sts::111122223333:assumed-role/stranger/laptop';
    expect(target({ call: { principal } }).denied).toEqual({ session, address });
  });
});

describe('of a consumer', () => {
  const of = (more: Of): Of => ({
    ...more,
    declared: 'yes',
    call: { principal: BACKEND, ...more.call },
  });

  it('the suspicious session is denied and the address, never the role', () => {
    expect(target(of({}))).toEqual({
      denied: { session, address },
      spared: [`${BACKEND} is a consumer, which is never denied as a whole`],
    });
  });

  it.each([true, undefined])(
    'a session that may be named as always is spared: %s',
    (isUsualSession) => {
      const { denied, spared } = target(
        of({ risk: isUsualSession === undefined ? {} : { isUsualSession } }),
      );
      expect(denied).toEqual({ address });
      expect(spared.join()).toContain("session laptop can't be told from those");
    },
  );

  it('a user is spared, in whatever session', () => {
    const user = { principal: ANN, kind: 'IAMUser', userId: 'AIDAEXAMPLE' } as const;
    const { denied, spared } = target(of({ call: user }));
    expect(denied).toEqual({ address });
    expect(spared).toContain('a user has no session of its own: its id is the whole user');
  });

  it('who may be one by its tags is treated as one', () => {
    const { denied, spared } = target({ declared: 'maybe' });
    expect(denied).toEqual({ session, address });
    expect(spared).toEqual([
      `${STRANGER} may be a consumer of a key that is granted by tags, or that could not be looked at, so it is not denied as a whole`,
    ]);
  });

  it('its usual place is spared', () => {
    const { denied } = target(of({ risk: { isUsualPlace: true, isUsualSession: false } }));
    expect(denied).toEqual({ session });
  });
});

describe('an address', () => {
  const without = (more: Of, rules = {}) => {
    const { denied, spared } = target(more, rules);
    expect(denied).toEqual({ session, principal: STRANGER });
    return spared.join();
  };

  it('of our own NAT gateways is spared', () => {
    expect(without({ call: { address: '192.0.2.10' } })).toBe(
      '192.0.2.10 is within the own ranges',
    );
  });

  it('that reads may come from is spared', () => {
    expect(without({}, { allowedRanges: ['203.0.113.0/24'] })).toBe(
      '203.0.113.9 is within the allowed ranges',
    );
  });

  it('where consumers usually come from is spared', () => {
    expect(without({ isAddressKept: true })).toBe(
      '203.0.113.9 is where consumers usually come from',
    );
  });

  it('of which that could not be told is spared', () => {
    expect(without({ isAddressKept: undefined })).toContain('could not be told just now');
  });

  it('is none behind a VPC endpoint, or a service of AWS', () => {
    expect(without({ call: { vpcEndpoint: 'vpce-0a1b2c3d', address: '10.0.0.7' } })).toBe(
      'VPC endpoint vpce-0a1b2c3d shows no address of the reader',
    );
    const through = 'ssm.amazonaws.com';
    expect(without({ call: { through, address: through } })).toBe(
      "ssm.amazonaws.com read for it, whose address is not the reader's",
    );
  });

  it('that is none is not denied', () => {
    expect(without({ call: { address: 'AWS Internal' } })).toBe('');
  });

  it('of version 6 is denied as it is', () => {
    const { denied } = target({ call: { address: '2001:db8::1' } });
    expect(denied.address).toBe('2001:db8::1');
  });
});

it('a service of AWS that calls by itself has nothing to deny', () => {
  const principal = 'config.amazonaws.com';
  const service = {
    principal,
    kind: 'AWSService',
    address: principal,
    through: principal,
  } as const;
  expect(target({ call: { ...service, userId: 'x' } }).denied).toEqual({});
});

describe('who is exempt', () => {
  const arn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
  const roles = {
    functions: [arn('rotation'), arn('probe')],
    emergency: arn('emergency'),
    deploy: arn('deploy'),
    breakGlass: arn('break-glass'),
  };

  it.each(['rotation', 'probe', 'emergency', 'deploy', 'break-glass'])('is %s', (name) => {
    expect(isExempt(call({ principal: arn(name) }), roles)).toBe(true);
  });

  it('is no stranger, and nobody without a name', () => {
    expect(isExempt(call(), roles)).toBe(false);
    expect(isExempt(call({ principal: '' }), { ...roles, deploy: '', breakGlass: '' })).toBe(false);
  });
});

describe('a consumer', () => {
  const declared = (
    consumers: readonly { principal: string; expires?: string }[],
    principal = BACKEND,
    unreadable: readonly string[] = [],
  ) =>
    isDeclared(
      { principal, at: NOW },
      { keys: [{ consumers: [] }, {}, { consumers }], unreadable },
    );

  it('is one of any key, since a quarantine is of all', () => {
    expect(declared([{ principal: BACKEND }])).toBe('yes');
    expect(declared([{ principal: BACKEND }], STRANGER)).toBe('no');
  });

  it('is none once its grant is over', () => {
    expect(declared([{ principal: BACKEND, expires: '2026-11-24T12:00:00.000Z' }])).toBe('no');
    expect(declared([{ principal: BACKEND, expires: '2026-11-24T12:00:01.000Z' }])).toBe('yes');
  });

  it('may be anybody where a grant goes by tags', () => {
    expect(declared([{ principal: 'PrincipalTag/team=web' }], STRANGER)).toBe('maybe');
    const over = { principal: 'PrincipalTag/team=web', expires: '2026-11-01T00:00:00.000Z' };
    expect(declared([over], STRANGER)).toBe('no');
  });

  it('may be anybody while some key could not be looked at', () => {
    expect(declared([], STRANGER, ['odd'])).toBe('maybe');
    expect(declared([{ principal: BACKEND }], BACKEND, ['odd'])).toBe('yes');
  });

  it('is anybody of an account that has one, of which CloudTrail tells no more', () => {
    expect(declared([{ principal: 'arn:aws:iam::444455556666:role/x' }], '444455556666')).toBe(
      'yes',
    );
  });
});

describe('a session that is named like a key', () => {
  const userId = `AROAEXAMPLE:${'1f0e9d8c'.repeat(4)}`;
  const consumer = { declared: 'yes', call: { principal: BACKEND, userId } } as const;

  it('is denied, since ECS names tasks so', () => {
    expect(target(consumer).denied).toMatchObject({ session: userId });
  });

  it('is spared if it is one of the keys, which no tag may tell', () => {
    const { denied, spared } = target({ ...consumer, isKeyToldBySession: true });
    expect(denied).toEqual({ address });
    expect(spared).toContain('its session has the name of a key, which no tag may tell');
  });
});
