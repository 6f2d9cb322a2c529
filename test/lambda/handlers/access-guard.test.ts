import { TagResourceCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type GuardRules,
  guardMetric,
  guardTableName,
  roleName,
  tag,
} from '../../../lambda/contract.ts';
import type { InventoryReport } from '../../../lambda/payloads.ts';
import {
  type CloudTrailRecord,
  changeOfCmk,
  changeOfSecret,
  changeOfTrail,
  consoleLogin,
  deniedRead,
  identityCenter,
  listSecrets,
  otherAccount,
  rawBatch,
  read,
  readThrough,
  role,
  SECRET_ARN,
  service,
  throughEndpoint,
  user,
  userInSession,
} from '../../aws/recorded/cloudtrail.ts';
import { createWorld, FINGERPRINTS, KEYS, type World, type WorldOptions } from '../world.ts';

const BACKEND = 'arn:aws:iam::111122223333:role/backend';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = new Date('2026-11-24T00:00:00Z').getTime();
const ago = (milliseconds: number) => new Date(NOW - milliseconds);

let world: World;
afterEach(() => world.close());

async function guarded(guard: Partial<GuardRules> = {}, options: WorldOptions = {}) {
  const tags = { [tag.consumer(1)]: BACKEND, ...options.tags };
  world = await createWorld({ ...options, guard, tags });
}

/** What is found in these records: the reasons of each, by their order in the usage record. */
async function reasonsOf(...records: CloudTrailRecord[]) {
  await world.deliver(...records);
  return world.uses().map(({ reasons }) => reasons);
}

describe('the usage record', () => {
  it('tells readers apart whose roles have the same long path', async () => {
    await guarded();
    const path = `teams/${'x'.repeat(300)}/`;
    await world.deliver(read({ by: role(`${path}one`) }), read({ by: role(`${path}two`) }));
    expect(new Set(world.uses().map(({ principal }) => principal))).toEqual(
      new Set([
        `arn:aws:iam::111122223333:role/${path}one`,
        `arn:aws:iam::111122223333:role/${path}two`,
      ]),
    );
  });

  it('has a line for a read, in this order and with these fields', async () => {
    await guarded();
    world.aws.clock.advance(5 * MINUTE);
    const event = read({ at: ago(-3 * MINUTE) });
    expect(await world.deliver(event)).toEqual({ batchItemFailures: [] });
    const [line] = world.uses();
    expect(line).toEqual({
      event_type: 'API_KEY_USED',
      api_key_name: 'web',
      project_id: '100001',
      timestamp: '2026-11-24T00:03:00.000Z',
      ip_address: '192.0.2.10',
      fingerprint: FINGERPRINTS.first,
      principal: BACKEND,
      session: 'task-1',
      user_agent: 'aws-sdk-js/3.1164.0 md/nodejs#24.21.0 exec-env/AWS_ECS_FARGATE',
      mfa: 'no',
      outcome: 'read',
      call: 'GetSecretValue',
      verdict: 'ok',
      reasons: [],
      answer: 'recorded',
      risk: 30,
      risk_device: 30,
      risk_behaviour: 30,
      risk_reasons: [
        'a workload whose places are still learned',
        'too new to know what is usual for it',
      ],
      trace_id: 'request-1',
      event_id: event.eventID,
      environment: 'dev',
    });
    expect(Object.keys(line ?? {}).slice(0, 5)).toEqual([
      'event_type',
      'api_key_name',
      'project_id',
      'timestamp',
      'ip_address',
    ]);
    expect(world.aws.sns.published).toEqual([]);
  });

  it('names the invocation that wrote a line', async () => {
    await guarded();
    const { Records } = rawBatch([]);
    await world.guardHandler({ Records }, { awsRequestId: 'request-1' });
    await world.guardHandler(rawBatch([JSON.stringify({ ...JSON.parse(bodyOf(read())) })]), {
      awsRequestId: 'request-2',
    });
    expect(world.uses()).toMatchObject([{ trace_id: 'request-2' }]);
  });

  it('names the trace of X-Ray where there is one', async () => {
    await guarded();
    vi.stubEnv(
      '_X_AMZN_TRACE_ID',
      'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047',
    );
    await world.deliver(read());
    vi.unstubAllEnvs();
    expect(world.uses()).toMatchObject([{ trace_id: '1-5759e988-bd862e3fe1be46a994272793' }]);
  });

  it.each([
    ['its name', 'amplitude/dev/web'],
    ['its ARN without the random end', SECRET_ARN],
    ['its whole ARN', undefined],
  ])('knows the key by %s', async (_, secretId) => {
    await guarded();
    const { keys } = (await world.inspectHandler({ action: 'inventory' })) as InventoryReport;
    await world.deliver(read({ secretId: secretId ?? keys[0]?.secretArn ?? '' }));
    expect(world.uses()).toMatchObject([{ api_key_name: 'web', fingerprint: FINGERPRINTS.first }]);
  });

  it('tells keys apart whose names end like an ARN', async () => {
    await guarded();
    world.seedKey('web-server');
    await world.deliver(read({ secretId: `${SECRET_ARN}-server` }));
    expect(world.uses()).toMatchObject([{ api_key_name: 'web-server' }]);
  });

  it('has the VPC endpoint in place of the address', async () => {
    await guarded({ allowedRanges: ['203.0.113.0/24'], deniedRanges: ['10.0.0.0/8'] });
    await world.deliver(read({ from: '10.0.0.7', more: throughEndpoint }));
    const [line] = world.uses();
    expect(line).toMatchObject({ vpc_endpoint: 'vpce-0a1b2c3d4e5f6a7b8', verdict: 'ok' });
    expect(line).not.toHaveProperty('ip_address');
  });

  it('has the name of the service of AWS that read for a role', async () => {
    await guarded({ allowedRanges: ['203.0.113.0/24'] });
    await world.deliver(readThrough('ssm.amazonaws.com'));
    expect(world.uses()).toMatchObject([{ ip_address: 'ssm.amazonaws.com', verdict: 'ok' }]);
  });

  it('names version and label as the caller did, and the fingerprint that they were of', async () => {
    await guarded();
    await world.stage(KEYS.second);
    await world.rotate();
    const versions = Object.entries(world.labels());
    const [previous = ''] = versions.find(([, labels]) => labels.includes('AWSPREVIOUS')) ?? [];
    world.aws.clock.advance(10 * MINUTE);
    const at = world.aws.clock.now();
    await world.deliver(
      read({ at, versionStage: 'AWSPREVIOUS' }),
      read({ at, versionId: previous }),
      read({ at }),
    );
    expect(world.uses()).toMatchObject([
      { label: 'AWSPREVIOUS', fingerprint: FINGERPRINTS.first },
      { version: previous, fingerprint: FINGERPRINTS.first, reasons: ['by-version-id'] },
      { fingerprint: FINGERPRINTS.second },
    ]);
  });

  it('knows which key was current when a read came before a promotion', async () => {
    await guarded();
    const before = read({ at: ago(0) });
    world.aws.clock.advance(MINUTE);
    await world.stage(KEYS.second);
    await world.rotate();
    world.aws.clock.advance(5 * MINUTE);
    await world.deliver(before);
    expect(world.uses()).toMatchObject([{ fingerprint: FINGERPRINTS.first }]);
  });

  it('does not guess at the key of a read before two promotions', async () => {
    await guarded();
    const before = read({ at: ago(0) });
    for (const key of [KEYS.second, KEYS.third]) {
      world.aws.clock.advance(MINUTE);
      await world.stage(key);
      await world.rotate();
    }
    world.aws.clock.advance(5 * MINUTE);
    await world.deliver(before);
    expect(world.uses()[0]).not.toHaveProperty('fingerprint');
  });

  it('has a line for each change, for lists of secrets, and for changes of a trail', async () => {
    await guarded();
    const lists = listSecrets();
    await world.deliver(
      changeOfSecret('PutSecretValue'),
      changeOfCmk('EnableKey', world.keysCmkArn),
      lists,
      changeOfTrail('StopLogging'),
    );
    expect(world.uses()).toMatchObject([
      {
        event_type: 'API_KEY_CHANGED',
        api_key_name: 'web',
        call: 'PutSecretValue',
        outcome: 'done',
      },
      { event_type: 'API_KEY_CHANGED', call: 'EnableKey' },
      { event_type: 'ACCOUNT_EVENT', call: 'ListSecrets', verdict: 'ok' },
      { event_type: 'ACCOUNT_EVENT', call: 'StopLogging', verdict: 'suspicious' },
    ]);
  });

  it('counts the reads that were seen and what was suspicious as metrics of the environment', async () => {
    await guarded();
    await world.deliver(
      read(),
      read({ by: role('stranger') }),
      listSecrets(),
      changeOfTrail('StopLogging', { by: role('admin') }),
    );
    const metrics = world.printed
      .filter((line) => line.includes('"_aws"'))
      .map((line) => JSON.parse(line));
    expect(metrics).toMatchObject([
      {
        environment: 'dev',
        [guardMetric.readsSeen]: 2,
        [guardMetric.suspiciousUses]: 2,
        [guardMetric.highestRisk]: 100,
      },
    ]);
  });
});

const bodyOf = (record: CloudTrailRecord) =>
  JSON.stringify({
    source: 'aws.secretsmanager',
    account: '111122223333',
    region: 'us-east-1',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: record,
  });

describe('a principal without a grant', () => {
  it('is reported with the reason and what to look at', async () => {
    await guarded();
    expect(await reasonsOf(read({ by: role('stranger', 'laptop') }))).toEqual([
      ['no-grant', 'high-risk'],
    ]);
    const [mail] = world.aws.sns.published;
    expect(mail?.subject).toBe('Amplitude key dev/web: a use of high risk');
    expect(mail?.message).toContain(
      'risk 100 of 100: device 100 (read by one to whom the key is not granted); location not weighed',
    );
    expect(mail?.message).toContain(
      'By arn:aws:iam::111122223333:role/stranger, session laptop, from 192.0.2.10',
    );
    expect(mail?.message).toContain('To do: Is it the reader that it seems to be');
  });

  it('is none of the consumers, whatever the path of their role and the name of their session', async () => {
    await guarded(
      {},
      {
        tags: {
          [tag.consumer(2)]: 'arn:aws:iam::111122223333:role/team/api',
          [tag.consumer(3)]: 'arn:aws:iam::111122223333:user/ann',
          [tag.consumer(4)]: 'arn:aws:iam::444455556666:role/theirs',
        },
      },
    );
    expect(
      await reasonsOf(
        read(),
        read({ by: role('team/api', 'x') }),
        read({ by: user() }),
        read({ by: otherAccount() }),
      ),
    ).toEqual([[], [], [], []]);
  });

  it('is one whose grant had ended when it read', async () => {
    await guarded({}, { tags: { [tag.consumerExpires(1)]: ago(10 * MINUTE).toISOString() } });
    expect(await reasonsOf(read({ at: ago(11 * MINUTE) }), read({ at: ago(9 * MINUTE) }))).toEqual([
      [],
      ['no-grant', 'high-risk'],
    ]);
    expect(world.aws.sns.published[0]?.message).toContain(
      'after the grant had ended at 2026-11-23T23:50:00.000Z',
    );
  });

  it('is not known where a grant is by a tag of the principal, which CloudTrail does not tell', async () => {
    await guarded({}, { tags: { [tag.consumer(2)]: 'PrincipalTag/team=web' } });
    expect(await reasonsOf(read({ by: role('stranger') }))).toEqual([[]]);
  });

  it('may be of another account, or break-glass', async () => {
    await guarded();
    const breakGlass = role('AmplitudeKeys-dev-break-glass', 'ann');
    expect(await reasonsOf(read({ by: otherAccount() }), read({ by: breakGlass }))).toEqual([
      ['no-grant', 'high-risk'],
      ['no-grant', 'high-risk'],
    ]);
  });
});

describe('addresses', () => {
  it.each([
    ['192.0.2.10', { allowedRanges: ['192.0.2.0/24'] }, []],
    ['198.51.100.1', { allowedRanges: ['192.0.2.0/24'] }, ['outside-allowed-ranges', 'high-risk']],
    ['198.51.100.1', { deniedRanges: ['198.51.100.0/25'] }, ['in-denied-ranges', 'high-risk']],
    ['198.51.100.200', { deniedRanges: ['198.51.100.0/25'] }, []],
    [
      '192.0.2.9',
      { allowedRanges: ['192.0.2.0/24'], deniedRanges: ['192.0.2.9/32'] },
      ['in-denied-ranges', 'high-risk'],
    ],
    ['2001:db8::1', { allowedRanges: ['2001:db8::/32'] }, []],
    [
      '2001:db9::1',
      { allowedRanges: ['2001:db8::/32', '0.0.0.0/0'] },
      ['outside-allowed-ranges', 'high-risk'],
    ],
    ['::ffff:192.0.2.10', { allowedRanges: ['192.0.2.0/24'] }, []],
    ['no address', { allowedRanges: ['192.0.2.0/24'], deniedRanges: ['0.0.0.0/0'] }, []],
  ])('%s by %j gives %j', async (from, rules, reasons) => {
    await guarded(rules);
    expect(await reasonsOf(read({ from }))).toEqual([reasons]);
  });
});

describe('a VPC endpoint', () => {
  const theirs = { ...throughEndpoint, vpcEndpointAccountId: '999988887777' };
  const from = '10.0.0.7';
  const rules = { allowedRanges: ['192.0.2.0/24'] };

  it.each<[string, Partial<GuardRules>, CloudTrailRecord, readonly string[]]>([
    ['of this account', rules, read({ from, more: throughEndpoint }), []],
    ['of nobody knows whom', rules, read({ from, more: { vpcEndpointId: 'vpce-1' } }), []],
    [
      'of another account',
      rules,
      read({ from, more: theirs }),
      ['outside-allowed-ranges', 'high-risk'],
    ],
    ['of another account, where anywhere is allowed', {}, read({ from, more: theirs }), []],
    [
      "of the reader's own account",
      rules,
      read({ from, by: otherAccount('999988887777'), more: theirs }),
      [],
    ],
  ])('%s is judged', async (_, guard, event, reasons) => {
    await guarded(guard, {
      tags: { [tag.consumer(2)]: 'arn:aws:iam::999988887777:role/theirs' },
    });
    expect(await reasonsOf(event)).toEqual([reasons]);
  });

  it('of another account is named with it', async () => {
    await guarded(rules);
    await world.deliver(read({ from, more: theirs }));
    expect(world.aws.sns.published[0]?.message).toContain(
      'location 100 (through a VPC endpoint of account 999988887777)',
    );
  });
});

describe('a person without MFA', () => {
  const consumers = {
    tags: {
      [tag.consumer(2)]: 'arn:aws:iam::111122223333:user/ann',
      [tag.consumer(3)]: 'arn:aws:iam::111122223333:role/AWSReservedSSO_backend',
    },
  };
  it.each<[string, object, object, readonly string[]]>([
    [
      'a user in a session without it',
      userInSession('ann', 'false'),
      {},
      ['human-without-mfa', 'high-risk'],
    ],
    ['a user in a session with it', userInSession('ann', 'true'), {}, []],
    ["a user's access key, of which it is not known", user(), {}, []],
    [
      'a role in the console',
      role('backend'),
      { sessionCredentialFromConsole: 'true' },
      ['human-without-mfa', 'high-risk'],
    ],
    ['a role of a program', role('backend'), {}, []],
    [
      'a role with a name like those of Identity Center',
      role('AWSReservedSSO_backend'),
      { sessionCredentialFromConsole: 'true' },
      ['human-without-mfa', 'high-risk'],
    ],
  ])('is judged of %s', async (_, by, more, reasons) => {
    await guarded({}, consumers);
    expect(await reasonsOf(read({ by, more }))).toEqual([reasons]);
  });

  it('is not known of Identity Center, which asks for it itself', async () => {
    await guarded();
    await world.deliver(read({ by: identityCenter() }));
    expect(world.uses()).toMatchObject([{ mfa: 'unknown', reasons: ['no-grant', 'high-risk'] }]);
  });

  it('may be allowed', async () => {
    await guarded({ requireMfa: false }, consumers);
    expect(await reasonsOf(read({ by: userInSession('ann', 'false') }))).toEqual([[]]);
  });
});

describe('a denied read', () => {
  it('is reported, and its key known by the words of the refusal', async () => {
    await guarded();
    await world.deliver(deniedRead());
    expect(world.uses()).toMatchObject([
      { api_key_name: 'web', outcome: 'denied', reasons: ['denied-read'] },
    ]);
    expect(world.uses()[0]).not.toHaveProperty('fingerprint');
  });

  it('is none where the call failed for another reason', async () => {
    await guarded();
    await world.deliver(read({ more: { errorCode: 'ResourceNotFoundException' } }));
    expect(world.uses()).toMatchObject([{ outcome: 'failed', verdict: 'ok' }]);
  });
});

describe('changes', () => {
  const cfn = role('cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1', 'AWSCloudFormation');
  const emergency = role(roleName('dev', 'emergency'), 'amplitude-dev-emergency');
  it.each<[string, (cmk: string) => CloudTrailRecord, readonly string[]]>([
    ['StopLogging', () => changeOfTrail('StopLogging'), ['trail-changed']],
    [
      'UpdateTrail by CloudFormation',
      () => changeOfTrail('UpdateTrail', { by: cfn }),
      ['trail-changed'],
    ],
    ['a policy of a secret', () => changeOfSecret('PutResourcePolicy'), ['policy-changed']],
    ['a policy taken away', () => changeOfSecret('DeleteResourcePolicy'), ['policy-changed']],
    ['a policy by CloudFormation', () => changeOfSecret('PutResourcePolicy', { by: cfn }), []],
    ["the CMK's policy", (cmk) => changeOfCmk('PutKeyPolicy', cmk), ['policy-changed']],
    [
      "the CMK's policy by CloudFormation",
      (cmk) => changeOfCmk('PutKeyPolicy', cmk, { by: cfn }),
      [],
    ],
    ['the CMK turned off', (cmk) => changeOfCmk('DisableKey', cmk), ['cmk-disabled']],
    [
      'the CMK turned off by CloudFormation',
      (cmk) => changeOfCmk('DisableKey', cmk, { by: cfn }),
      ['cmk-disabled'],
    ],
    [
      'the CMK turned off by the emergency',
      (cmk) => changeOfCmk('DisableKey', cmk, { by: emergency }),
      [],
    ],
    [
      'the CMK scheduled for deletion, by the emergency even',
      (cmk) => changeOfCmk('ScheduleKeyDeletion', cmk, { by: emergency }),
      ['cmk-disabled'],
    ],
    [
      'a copy in another Region',
      () => changeOfSecret('ReplicateSecretToRegions'),
      ['secret-moved'],
    ],
    [
      'another CMK',
      () =>
        changeOfSecret('UpdateSecret', {
          parameters: { kmsKeyId: 'arn:aws:kms:us-east-1:444455556666:key/theirs' },
        }),
      ['secret-moved'],
    ],
    [
      "the CMK's own alias",
      () => changeOfSecret('UpdateSecret', { parameters: { kmsKeyId: 'alias/amplitude/dev' } }),
      [],
    ],
    [
      'the CMK itself',
      (cmk) => changeOfSecret('UpdateSecret', { parameters: { kmsKeyId: cmk } }),
      [],
    ],
    ['another description', () => changeOfSecret('UpdateSecret'), []],
    ['a value put by hand', () => changeOfSecret('PutSecretValue'), []],
    ['a call that Secrets Manager learns tomorrow', () => changeOfSecret('GiveSecretAway'), []],
  ])('%s', async (_, event, reasons) => {
    await guarded();
    expect(await reasonsOf(event(world.keysCmkArn))).toEqual([reasons]);
    expect(world.mail()).toHaveLength(reasons.length);
  });

  it('that were only tried are told as that', async () => {
    await guarded();
    await world.deliver(changeOfTrail('StopLogging', { more: { errorCode: 'AccessDenied' } }));
    expect(world.aws.sns.published[0]?.message).toContain(
      'StopLogging was tried and failed (AccessDenied)',
    );
  });
});

describe('a sign-in', () => {
  const login = { at: ago(0) };
  it.each<[string, CloudTrailRecord, readonly string[]]>([
    ['without MFA', consoleLogin({ ...login, mfaUsed: 'No' }), ['sign-in', 'high-risk']],
    ['that failed', consoleLogin({ ...login, failed: true }), ['sign-in']],
    ['with MFA', consoleLogin(login), []],
    ['by Identity Center', consoleLogin({ ...login, by: identityCenter(), mfaUsed: 'No' }), []],
  ])('%s of somebody who has read a key is looked at', async (_, event, reasons) => {
    await guarded();
    await world.deliver(
      read({ by: user(), at: ago(MINUTE) }),
      read({ by: identityCenter(), at: ago(MINUTE) }),
    );
    const before = world.uses().length;
    const lines = await reasonsOf(event);
    expect(lines.slice(before)).toEqual([reasons]);
    expect(world.uses().at(-1)).toMatchObject({ event_type: 'CONSOLE_SIGN_IN' });
  });

  it('of anybody else is nobody’s business', async () => {
    await guarded();
    await world.deliver(consoleLogin({ mfaUsed: 'No', by: user('bob') }));
    await world.deliver(read({ by: user() }));
    world.aws.clock.advance(DAY + MINUTE);
    await world.deliver(consoleLogin({ mfaUsed: 'No', at: world.aws.clock.now() }));
    expect(world.uses()).toHaveLength(1);
  });
});

describe('too many reads', () => {
  const reads = (count: number, of: Parameters<typeof read>[0] = {}) =>
    Array.from({ length: count }, (_, index) => read({ at: ago(index * 1_000), ...of }));

  it('of a key are those over the threshold within its minutes, told with their number', async () => {
    await guarded({ mostReads: 10 });
    await world.deliver(...reads(10));
    expect(world.mail()).toEqual([]);
    await world.deliver(read());
    expect(world.uses().at(-1)?.reasons).toEqual([
      'too-many-reads-of-key',
      'too-many-reads-from-source',
    ]);
    expect(world.aws.sns.published[0]?.message).toContain(
      'More than 10 reads of the key within 5 minutes, where 10 are allowed',
    );
  });

  it('are counted wherever the minutes begin, and not over more of them', async () => {
    await guarded({ mostReads: 10 });
    await world.deliver(...reads(6, { at: ago(7 * MINUTE) }), ...reads(5, { at: ago(MINUTE) }));
    expect(world.mail()).toEqual([]);
    await world.deliver(
      ...reads(1, { at: ago(5.5 * MINUTE) }),
      ...reads(5, { at: ago(4 * MINUTE) }),
    );
    expect(world.mail()).toHaveLength(2);
  });

  it('are counted whatever order their events come in, and once each however often they come', async () => {
    await guarded({ mostReads: 10 });
    const all = reads(10);
    for (let time = 0; time < 3; time += 1) await world.deliver(...all.toReversed(), ...all);
    expect(world.mail()).toEqual([]);
    await world.deliver(read({ at: ago(4 * MINUTE) }));
    expect(world.mail()).toHaveLength(2);
  });

  it('of a source are those of all keys from one address or endpoint', async () => {
    await guarded({ mostReads: 10 });
    world.seedKey('ios', { tags: { [tag.consumer(1)]: BACKEND } });
    const half = (secretId: string) => reads(6, { secretId, more: throughEndpoint });
    await world.deliver(...half('amplitude/dev/web'), ...half('amplitude/dev/ios'));
    expect(world.aws.sns.published).toMatchObject([
      { subject: expect.stringContaining('too many reads from one source') },
    ]);
    expect(world.aws.sns.published[0]?.message).toContain('12 reads of this environment');
  });

  it('are nobody’s of this stack', async () => {
    await guarded({ mostReads: 10 });
    await world.deliver(...reads(30, { by: role(roleName('dev', 'inspect')) }));
    expect(world.uses().every(({ verdict }) => verdict === 'own')).toBe(true);
  });
});

describe('what is not ours', () => {
  it.each<[string, CloudTrailRecord]>([
    ['EVENT_OF_OTHER_SECRET', read({ secretId: 'amplitude/prod/web' })],
    ['EVENT_OF_OTHER_SECRET', read({ secretId: 'database' })],
    [
      'EVENT_OF_OTHER_SECRET',
      read({ secretId: 'arn:aws:secretsmanager:us-east-1:444455556666:secret:amplitude/dev/web' }),
    ],
    [
      'EVENT_OF_OTHER_SECRET',
      changeOfCmk('DisableKey', 'arn:aws:kms:us-east-1:111122223333:key/another'),
    ],
    ['EVENT_OF_OTHER_ACCOUNT', read({ more: { recipientAccountId: '444455556666' } })],
    ['EVENT_OF_OTHER_ACCOUNT', read({ more: { awsRegion: 'eu-west-1' } })],
    ['EVENT_IN_FUTURE', read({ at: ago(-11 * MINUTE) })],
    ['EVENT_UNREADABLE', read({ more: { eventID: 'mine' } })],
    ['EVENT_UNREADABLE', read({ more: { eventTime: 'yesterday' } })],
    ['EVENT_UNREADABLE', read({ more: { eventSource: 'example.com' } })],
    ['EVENT_UNKNOWN', changeOfSecret('GetResourcePolicy')],
  ])('%s is passed over and counted', async (code, event) => {
    await guarded();
    expect(await world.deliver(event)).toEqual({ batchItemFailures: [] });
    expect(world.uses()).toEqual([]);
    expect(world.printed.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ message: 'Events passed over', metadata: { code, events: 1 } }),
    );
  });

  it.each([
    'no JSON',
    '{}',
    '[]',
    JSON.stringify({ ...JSON.parse(bodyOf(read())), source: 'my.app' }),
    JSON.stringify({ ...JSON.parse(bodyOf(read())), source: 'aws.kms' }),
    JSON.stringify({ ...JSON.parse(bodyOf(read())), 'detail-type': 'anything' }),
  ])('%.40s is passed over, and what comes with it is not', async (body) => {
    await guarded();
    expect(await world.guardHandler(rawBatch([body, bodyOf(read())]))).toEqual({
      batchItemFailures: [],
    });
    expect(world.uses()).toHaveLength(1);
  });

  it('no batch is refused', async () => {
    await guarded();
    await expect(world.guardHandler({ action: 'inventory' })).rejects.toMatchObject({
      code: 'EVENT_MALFORMED',
    });
  });
});

describe('a read whose event has another form than usual', () => {
  const identity = role('stranger');
  it.each<[string, object]>([
    ['no session context', { userIdentity: { ...identity, sessionContext: null } }],
    ['no issuer', { userIdentity: { ...identity, sessionContext: { sessionIssuer: null } } }],
    ['no identity', { userIdentity: null }],
    ['no account', { recipientAccountId: undefined }],
  ])('with %s is recorded all the same', async (_, more) => {
    await guarded();
    await world.deliver(read({ by: identity, more }));
    expect(world.uses()).toMatchObject([{ api_key_name: 'web', verdict: 'suspicious' }]);
  });

  it('is one of a key that only the refusal names', async () => {
    await guarded();
    await world.deliver(deniedRead({ more: { requestParameters: [] } }));
    expect(world.uses()).toMatchObject([{ api_key_name: 'web', outcome: 'denied' }]);
  });
});

describe('the reads of this stack', () => {
  it('are recorded as its own, and lead to no question', async () => {
    await guarded();
    const nouns = ['rotation', 'lifecycle', 'inspect', 'emergency'] as const;
    await world.deliver(
      ...nouns.map((noun) =>
        read({ by: role(roleName('dev', noun)), secretId: `${SECRET_ARN}-AbCdEf` }),
      ),
      read({ by: role('AmplitudeKeys-dev-probe') }),
      readThrough('cloudformation.amazonaws.com', {
        by: role('cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1'),
      }),
    );
    expect(world.uses().map(({ verdict }) => verdict)).toEqual(Array(6).fill('own'));
    expect(world.uses().map(({ api_key_name }) => api_key_name)).toEqual(Array(6).fill('web'));
    expect(world.aws.countOf('Invoke')).toBe(0);
  });

  it('are not those of a role of the same name in another account, nor of a service', async () => {
    await guarded();
    await world.deliver(read({ by: otherAccount() }), read({ by: service('ecs.amazonaws.com') }));
    expect(world.uses().map(({ verdict }) => verdict)).toEqual(['suspicious', 'suspicious']);
  });

  it('come back of its own question, and are asked about no more', async () => {
    await guarded();
    await world.deliver(read());
    for (let round = 0; round < 20; round += 1) {
      world.aws.clock.advance(MINUTE);
      await world.deliver(
        read({ by: role(roleName('dev', 'inspect')), at: world.aws.clock.now() }),
      );
    }
    expect(world.aws.countOf('Invoke')).toBe(1);
  });
});

describe('what is known of the keys', () => {
  const invocations = () => world.aws.countOf('Invoke');

  it('is asked for every five minutes at most, while readers read', async () => {
    await guarded();
    for (let minute = 0; minute < 30; minute += 1) {
      await world.deliver(read({ at: world.aws.clock.now() }));
      world.aws.clock.advance(MINUTE);
    }
    expect(invocations()).toBe(5);
  });

  it('is asked for at once for an unknown version or key, and once a minute at most', async () => {
    await guarded();
    await world.deliver(read());
    world.aws.clock.advance(2 * MINUTE);
    await world.deliver(read({ secretId: 'amplitude/dev/new' }));
    expect(invocations()).toBe(2);
    for (let time = 0; time < 5; time += 1) {
      await world.deliver(read({ versionId: 'b1946ac9-4931-4bd7-9d4c-1e0f00d4e8a1' }));
    }
    expect(invocations()).toBe(2);
  });

  it('is asked for again after a rotation of which an earlier batch told', async () => {
    await guarded();
    await world.deliver(read());
    await world.stage(KEYS.second);
    world.aws.clock.advance(MINUTE);
    await world.rotate();
    world.aws.clock.advance(MINUTE);
    const by = role(roleName('dev', 'rotation'));
    const at = world.aws.clock.now();
    await world.deliver(
      changeOfSecret('UpdateSecretVersionStage', { by, at: new Date(at.getTime() - MINUTE) }),
    );
    expect(invocations()).toBe(1);
    await world.deliver(read({ at }));
    expect(world.uses().at(-1)).toMatchObject({ fingerprint: FINGERPRINTS.second });
    expect(invocations()).toBe(2);
  });

  it('tells no fingerprint by labels that have moved, while it may not be asked for', async () => {
    await guarded();
    await world.deliver(read());
    const [first = ''] = Object.keys(world.labels());
    await world.stage(KEYS.second);
    await world.rotate();
    const at = world.aws.clock.now();
    const moved = changeOfSecret('UpdateSecretVersionStage', {
      by: role(roleName('dev', 'rotation')),
      at,
    });
    await world.deliver(
      moved,
      read({ at }),
      read({ at, versionId: first }),
      read({ at, by: role(roleName('dev', 'lifecycle')) }),
    );
    expect(invocations()).toBe(1);
    const uses = world.uses().slice(-3);
    expect(uses.map(({ fingerprint }) => fingerprint)).toEqual([
      undefined,
      FINGERPRINTS.first,
      undefined,
    ]);
    expect(uses[0]).toMatchObject({ verdict: 'ok' });
  });

  it('is too old after five minutes for the fingerprint of a read by this stack', async () => {
    await guarded();
    const by = role(roleName('dev', 'lifecycle'));
    await world.deliver(read(), read({ by }));
    world.aws.clock.advance(6 * MINUTE);
    await world.deliver(read({ by, at: world.aws.clock.now() }));
    const own = world.uses().filter(({ verdict }) => verdict === 'own');
    expect(own.map(({ fingerprint }) => fingerprint)).toEqual([FINGERPRINTS.first, undefined]);
  });

  it('is asked for again when somebody reads who had no grant before', async () => {
    await guarded();
    await world.deliver(read());
    world.aws.clock.advance(2 * MINUTE);
    const Tags = [{ Key: tag.consumer(2), Value: 'arn:aws:iam::111122223333:role/new' }];
    const tagging = new TagResourceCommand({ SecretId: 'amplitude/dev/web', Tags });
    await world.aws.clients.secretsManager.send(tagging);
    await world.deliver(read({ by: role('new'), at: world.aws.clock.now() }));
    expect(world.uses().at(-1)).toMatchObject({ verdict: 'ok' });
    expect(invocations()).toBe(2);
  });

  it('is asked for again after a secret was changed', async () => {
    await guarded();
    await world.deliver(read());
    world.aws.clock.advance(2 * MINUTE);
    const at = world.aws.clock.now();
    await world.deliver(changeOfSecret('UpdateSecretVersionStage', { at }), read({ at }));
    expect(invocations()).toBe(2);
  });
});

describe('the heartbeat', () => {
  const answer = 'observe';
  const latest = async () =>
    ((await world.inspectHandler({ action: 'inventory' })) as InventoryReport).guard;

  it('is what inspect tells: the latest read, which no late one takes back', async () => {
    await guarded();
    expect(await latest()).toEqual({ answer });
    await world.deliver(read({ at: ago(MINUTE) }));
    await world.deliver(read({ at: ago(DAY) }));
    expect(await latest()).toEqual({ answer, latestReadAt: '2026-11-23T23:59:00.000Z' });
  });

  it('is no sign-in, change or list: they come from a trail that records no reads of keys too', async () => {
    await guarded();
    const others = [consoleLogin(), listSecrets(), changeOfTrail('UpdateTrail')];
    await world.deliver(...others, changeOfSecret('UpdateSecret'));
    expect(await latest()).toEqual({ answer });
    expect(world.printed.filter((line) => line.includes(guardMetric.readsSeen))).toEqual([]);
    await world.deliver(deniedRead({ at: ago(MINUTE) }));
    expect(await latest()).toEqual({ answer, latestReadAt: '2026-11-23T23:59:00.000Z' });
  });

  it('is not told where it can not be read, or where there is no access guard', async () => {
    await guarded();
    world.aws.faults.fail('GetItem', { error: 'throttled' });
    const unreadable = expect.stringContaining(guardTableName('dev'));
    expect(await latest()).toEqual({ answer, unreadable });
    await world.close();
    world = await createWorld();
    expect(await latest()).toBeUndefined();
  });

  it('needs rules: an access guard without them says which setting is missing', async () => {
    world = await createWorld();
    await expect(world.deliver(read())).rejects.toMatchObject({
      code: 'SETTING_INVALID',
      message: expect.stringContaining('GUARD_RULES'),
    });
  });
});

it('refuses a range that is none before it judges by it', async () => {
  await guarded({ deniedRanges: ['999.0.0.0/8'] });
  await expect(world.deliver(read())).rejects.toMatchObject({
    code: 'SETTING_INVALID',
    message: expect.stringContaining('999.0.0.0/8'),
  });
});

describe('what a caller chose of an event', () => {
  const key = KEYS.first;
  const twice = key + key;

  it.each<[string, CloudTrailRecord]>([
    ['session', read({ by: role('backend', key) })],
    ['session, twice', read({ by: role('backend', twice) })],
    ['role', read({ by: role(`x-${key}`) })],
    ['user agent', read({ with: `curl/${key}` })],
    ['stage', read({ versionStage: key })],
    ['version', read({ versionId: key })],
    ['version, twice', read({ versionId: twice })],
    ['secret', read({ secretId: `amplitude/dev/${key}` })],
    ['address', read({ from: key })],
    ['endpoint', read({ more: { vpcEndpointId: key } })],
    ['error', read({ more: { errorCode: key } })],
    ['service', readThrough(key, { by: role('backend') })],
    ['event name', changeOfTrail(key)],
    [
      'everything',
      read({
        by: role('stranger', key),
        with: key,
        from: key,
        versionStage: twice,
        versionId: key,
      }),
    ],
  ])('tells no key: %s', async (_, event) => {
    await guarded({ mostReads: 1 });
    await world.deliver(
      event,
      { ...event, eventID: read().eventID },
      { ...event, eventID: read().eventID },
    );
    const { calls } = world.aws;
    const out = [
      world.uses(),
      world.printed,
      world.aws.sns.published,
      calls,
      [...world.aws.dynamoDb.itemsOf(guardTableName('dev'))],
    ];
    expect(JSON.stringify(out)).not.toContain(key);
  });

  it.each(['ключ', `é${'x'.repeat(2_000)}`, '\u202e'])(
    'is reported although SNS takes no such subject: %.20s',
    async (name) => {
      await guarded();
      const event = deniedRead({ secretId: `amplitude/dev/${name}` });
      expect(await world.deliver(event)).toEqual({ batchItemFailures: [] });
      expect(world.mail()).toHaveLength(1);
    },
  );

  it('is short and printable', async () => {
    await guarded();
    await world.deliver(read({ with: `a\u0000\n\u202e${'x'.repeat(4_000)}` }));
    expect(world.uses()[0]?.user_agent).toBe(`a???${'x'.repeat(252)}…`);
  });
});
