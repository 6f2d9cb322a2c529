import { afterEach, describe, expect, it } from 'vitest';
import { guardTableName, roleName, tag } from '../../../lambda/contract.ts';
import {
  type CloudTrailRecord,
  changeOfCmk,
  changeOfSecret,
  changeOfTrail,
  consoleLogin,
  listSecrets,
  read,
  role,
  user,
  userInSession,
} from '../../aws/recorded/cloudtrail.ts';
import { createWorld, type World } from '../world.ts';

const ANN = 'arn:aws:iam::111122223333:user/ann';
const OPERATOR = 'arn:aws:iam::111122223333:role/operator';
const AFAR = '198.51.100.7';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let world: World;
afterEach(() => world.close());

/** Ann has read the key from 192.0.2.10 every day for a week, by an access key. */
async function guarded() {
  const tags = { [tag.consumer(1)]: ANN, [tag.consumer(2)]: OPERATOR };
  world = await createWorld({ guard: {}, tags });
  for (let day = 0; day < 10; day += 1) {
    await world.deliver(read({ by: user(), at: world.aws.clock.now() }));
    world.aws.clock.advance(DAY);
  }
  world.aws.clock.advance(MINUTE);
}

const ago = (minutes: number) => new Date(world.aws.clock.now().getTime() - minutes * MINUTE);
const highest = () => Math.max(...world.uses().map(({ risk = 0 }) => risk));
const messages = () => world.aws.sns.published.map(({ message }) => message).join('\n');

/** All orders of a few things. */
const ordersOf = <Thing>(things: readonly Thing[]): Thing[][] =>
  things.length < 2
    ? [[...things]]
    : things.flatMap((first) =>
        ordersOf(things.filter((one) => one !== first)).map((rest) => [first, ...rest]),
      );

const by = user();
const SEQUENCES: readonly [string, number, () => CloudTrailRecord[]][] = [
  [
    'list, look, read from a new place',
    85,
    () => [
      listSecrets({ by, from: AFAR, at: ago(30) }),
      changeOfSecret('DescribeSecret', { by, from: AFAR, at: ago(29) }),
      read({ by, from: AFAR, at: ago(28) }),
    ],
  ],
  [
    'StopLogging, read',
    95,
    () => [changeOfTrail('StopLogging', { by, at: ago(600) }), read({ by, at: ago(1) })],
  ],
  [
    'PutResourcePolicy, read',
    85,
    () => [changeOfSecret('PutResourcePolicy', { by, at: ago(600) }), read({ by, at: ago(1) })],
  ],
  [
    'PutKeyPolicy, read',
    85,
    () => [
      changeOfCmk('PutKeyPolicy', world.keysCmkArn, { by, at: ago(9) }),
      read({ by, at: ago(1) }),
    ],
  ],
  [
    'sign-in without MFA, read in the console',
    75,
    () => [
      consoleLogin({ by, mfaUsed: 'No', at: ago(9) }),
      read({ by: userInSession('ann', 'true'), at: ago(1) }),
    ],
  ],
];

describe.each(SEQUENCES)('%s', (_, score, records) => {
  it('in one batch, in every order, is told of', async () => {
    await guarded();
    for (const order of ordersOf(records())) {
      await world.deliver(...order);
      const line = world.uses().findLast(({ call }) => call === 'GetSecretValue');
      expect(line).toMatchObject({ verdict: 'suspicious' });
      expect(line?.risk).toBeGreaterThanOrEqual(score);
    }
  });

  it('in as many batches, in every order, is told of with whichever comes last', async () => {
    const orders = ordersOf([0, 1, 2].slice(0, await lengthOf(records)));
    for (const order of orders) {
      await guarded();
      const all = records();
      for (const index of order) {
        expect(highest()).toBeLessThan(score);
        await world.deliver(all[index] ?? {});
      }
      const last = world
        .uses()
        .find(({ event_id }) => event_id === all[order.at(-1) ?? 0]?.eventID);
      expect(last).toMatchObject({ risk: score, reasons: expect.arrayContaining(['high-risk']) });
      await world.close();
    }
    await guarded();
  });

  it('in as many batches at once is told of', async () => {
    await guarded();
    world.aws.takeTime(20);
    await Promise.all(records().map((one) => world.deliver(one)));
    expect(highest()).toBeGreaterThanOrEqual(score);
    expect(messages()).toContain(`risk ${highest()} of 100`);
  });
});

async function lengthOf(records: () => CloudTrailRecord[]): Promise<number> {
  await guarded();
  const { length } = records();
  await world.close();
  return length;
}

describe('what is no sequence:', () => {
  it.each<[string, () => CloudTrailRecord[]]>([
    [
      'list, look, read from a usual place',
      () => [
        listSecrets({ by, at: ago(30) }),
        changeOfSecret('DescribeSecret', { by, at: ago(29) }),
        read({ by, at: ago(28) }),
      ],
    ],
    [
      'list, look, read by the console, which somebody with MFA takes along',
      () => [
        listSecrets({ by: userInSession(), from: AFAR, at: ago(30) }),
        changeOfSecret('DescribeSecret', { by: userInSession(), from: AFAR, at: ago(29) }),
        read({ by: userInSession(), from: AFAR, at: ago(28) }),
      ],
    ],
    [
      'what one changed and another reads',
      () => [
        changeOfTrail('StopLogging', { by: role('admin'), at: ago(9) }),
        changeOfSecret('PutResourcePolicy', { by: role('admin'), at: ago(9) }),
        read({ by, at: ago(8) }),
      ],
    ],
    [
      'a policy that a deploy changes',
      () => [
        changeOfSecret('PutResourcePolicy', {
          by: role('cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1'),
          at: ago(9),
        }),
        read({ by, at: ago(8) }),
      ],
    ],
    [
      'a stopped trail after the read',
      () => [read({ by, at: ago(9) }), changeOfTrail('StopLogging', { by, at: ago(8) })],
    ],
    [
      'a sign-in with MFA',
      () => [consoleLogin({ by, at: ago(9) }), read({ by: userInSession(), at: ago(8) })],
    ],
  ])('%s', async (_, records) => {
    await guarded();
    await world.deliver(...records());
    const line = world.uses().findLast(({ call }) => call === 'GetSecretValue');
    expect(line?.risk).toBeLessThan(40);
  });
});

it('a new reader that looks around in its first week is no sequence: any place is new to it', async () => {
  await guarded();
  const newcomer = { by: role('operator'), from: AFAR };
  for (const day of [1, 2]) {
    await world.deliver(
      listSecrets({ ...newcomer, at: ago(30) }),
      changeOfSecret('DescribeSecret', { ...newcomer, at: ago(29) }),
      read({ ...newcomer, at: ago(28) }),
    );
    expect(world.uses().at(-1), `day ${day}`).toMatchObject({ risk: 30, verdict: 'ok' });
    world.aws.clock.advance(DAY);
  }
});

describe('a changed trail', () => {
  it('with a read in the same batch leaves the sequence to the read', async () => {
    await guarded();
    await world.deliver(changeOfTrail('StopLogging', { by, at: ago(2) }), read({ by, at: ago(1) }));
    expect(world.uses().slice(-2)).toMatchObject([
      { call: 'StopLogging', risk: 60, reasons: ['trail-changed'] },
      { call: 'GetSecretValue', risk: 95, reasons: ['high-risk'] },
    ]);
    expect(world.mail()).toHaveLength(2);
  });

  it('scores high alone, and is told of once, as that', async () => {
    await guarded();
    await world.deliver(changeOfTrail('StopLogging', { by: role('admin'), at: ago(1) }));
    expect(world.uses().at(-1)).toMatchObject({
      risk: 60,
      reasons: ['trail-changed'],
      risk_reasons: ['StopLogging of a CloudTrail trail: what follows may be unseen'],
    });
    expect(world.mail()).toEqual(['Amplitude keys of dev: a CloudTrail trail was changed']);
  });
});

describe('a sign-in that is nobody’s business', () => {
  const bob = user('bob');
  const login = (minutes: number) => consoleLogin({ by: bob, mfaUsed: 'No', at: ago(minutes) });

  it('is written nowhere, and known once a read comes of it', async () => {
    await guarded();
    const before = world.uses().length;
    await world.deliver(login(9));
    expect(world.uses()).toHaveLength(before);
    expect(world.mail()).toEqual([]);
    await world.deliver(read({ by: bob, at: ago(8) }));
    expect(world.uses().at(-1)?.risk_reasons).toContain(
      'a key was read 1 min after a sign-in without MFA',
    );
  });

  it('is told if the read that came of it is noted between its two calls', async () => {
    await guarded();
    let isRead = false;
    world.aws.onCall = async ({ command, input }) => {
      if (isRead || command !== 'UpdateItem' || !JSON.stringify(input).includes('login ')) return;
      isRead = true;
      await world.deliver(read({ by: bob, at: ago(8) }));
    };
    await world.deliver(login(9));
    const signIn = world.uses().find(({ event_type }) => event_type === 'CONSOLE_SIGN_IN');
    expect(signIn).toMatchObject({ principal: bob.arn, reasons: ['high-risk'] });
    expect(messages()).toContain('a key was read 1 min after a sign-in without MFA');
  });

  it('with MFA leaves nothing at all', async () => {
    await guarded();
    const before = [...world.aws.dynamoDb.itemsOf(guardTableName('dev')).keys()];
    await world.deliver(consoleLogin({ by: bob, at: ago(9) }));
    expect([...world.aws.dynamoDb.itemsOf(guardTableName('dev')).keys()]).toEqual(before);
  });
});

describe('a look at a secret', () => {
  it('is a line of the record by anybody else, and none by this stack', async () => {
    await guarded();
    const before = world.uses().length;
    await world.deliver(
      changeOfSecret('DescribeSecret', { by: role(roleName('dev', 'inspect')), at: ago(1) }),
      changeOfSecret('DescribeSecret', { by, at: ago(1) }),
    );
    expect(world.uses().slice(before)).toMatchObject([
      {
        event_type: 'API_KEY_LOOKED_AT',
        api_key_name: 'web',
        call: 'DescribeSecret',
        outcome: 'done',
        verdict: 'ok',
        reasons: [],
      },
    ]);
    expect(world.aws.countOf('Invoke')).toBe(10);
  });

  it('at a secret of another is passed over', async () => {
    await guarded();
    const before = world.uses().length;
    await world.deliver(changeOfSecret('DescribeSecret', { secretId: 'database', at: ago(1) }));
    expect(world.uses()).toHaveLength(before);
  });
});
