import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEnvironments, parseEnvironments, warningsOf } from '../../lib/config.ts';
import { explain } from '../../lib/config-explain.ts';
import { ConfigError } from '../../lib/config-faults.ts';
import { environments } from '../../lib/environments.ts';

const key = { kind: 'ingestion', audience: 'server', owner: 'growth', purpose: 'events' };
const amplitude = { organization: 'acme', projectId: '100001', dataResidency: 'US' };
const prod = { amplitude, keys: { web: key } };
const withKey = (over: object) => ({ ...prod, keys: { web: { ...key, ...over } } });

const firehose = 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/logs';
const roleArn = 'arn:aws:iam::111122223333:role/logs-to-firehose';
const consumer = {
  role: 'arn:aws:iam::111122223333:role/service/web',
  purpose: 'sends the events of the web app',
};
const layer = 'arn:aws:lambda:eu-west-1:615299751070:layer:AWSOpenTelemetryDistroJs:9';

const logGroupArn = 'arn:aws:logs:eu-west-1:111122223333:log-group:cloudtrail';
const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...consumer, role: `${consumer.role}-${index}` }));

function faultsOf(environment: unknown, name = 'prod'): string[] {
  try {
    parseEnvironments({ [name]: environment });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('an environment without options', () => {
  const config = parseEnvironments({ prod }).prod;

  it('rotates every 90 days, retains for 30, asks Amplitude by query and expects a standby key', () => {
    expect(config?.keys).toEqual([
      {
        name: 'web',
        ...key,
        rotateEveryDays: 90,
        retainPreviousDays: 30,
        verification: 'query',
        standby: 'always',
        sensitivity: 'normal',
        consumers: [],
      },
    ]);
  });

  it('lets people act in an emergency with MFA, and asks CloudTrail without a log group', () => {
    expect(config).toMatchObject({ responder: { requireMfa: true } });
    expect(config).not.toHaveProperty('cloudTrailLogGroup');
  });

  it('goes where the credentials point and notifies nobody', () => {
    expect(config).not.toHaveProperty('account');
    expect(config).not.toHaveProperty('region');
    expect(config).toMatchObject({
      notify: [],
      notificationFormat: 'text',
      rotationWindowHours: 4,
    });
  });

  it("has Amplitude's endpoints of both regions", () => {
    expect(config?.amplitude.endpoints).toEqual({
      US: {
        developer: 'https://developer-api.amplitude.com',
        ingestion: 'https://api2.amplitude.com',
        dashboard: 'https://amplitude.com',
      },
      EU: {
        developer: 'https://developer-api.eu.amplitude.com',
        ingestion: 'https://api.eu.amplitude.com',
        dashboard: 'https://analytics.eu.amplitude.com',
      },
    });
  });
});

it('an endpoint can be overridden alone', () => {
  const endpoints = { EU: { ingestion: 'https://proxy.example.com/amplitude' } };
  const config = parseEnvironments({ prod: { ...prod, amplitude: { ...amplitude, endpoints } } });
  expect(config.prod?.amplitude.endpoints.EU).toMatchObject({
    ingestion: 'https://proxy.example.com/amplitude',
    dashboard: 'https://analytics.eu.amplitude.com',
  });
});

it('keys take the defaults of their environment before those of the project', () => {
  const keyDefaults = { rotateEveryDays: 60, verification: 'canary' };
  const keys = { web: key, api: { ...key, rotateEveryDays: 45 } };
  expect(parseEnvironments({ prod: { ...prod, keyDefaults, keys } }).prod?.keys).toMatchObject([
    { name: 'web', rotateEveryDays: 60, retainPreviousDays: 30, verification: 'canary' },
    { name: 'api', rotateEveryDays: 45, verification: 'canary' },
  ]);
});

describe('a fault is told with its path, what was expected and what was there', () => {
  const cases: [environment: unknown, fault: string][] = [
    [
      withKey({ retainPreviousDays: '30' }),
      'prod.keys.web.retainPreviousDays: expected 1–365, got "30" (a string)',
    ],
    [withKey({ retainPreviousDays: 0 }), 'prod.keys.web.retainPreviousDays: expected 1–365, got 0'],
    [
      withKey({ retainPreviousDays: 1.5 }),
      'prod.keys.web.retainPreviousDays: expected 1–365, got 1.5',
    ],
    [
      withKey({ rotateEveryDays: 1001 }),
      'prod.keys.web.rotateEveryDays: expected 1–1000, got 1001',
    ],
    [
      withKey({ rotateEveryDays: null }),
      'prod.keys.web.rotateEveryDays: expected 1–1000, got null',
    ],
    [
      withKey({ rotateEveryDays: 20 }),
      'prod.keys.web.retainPreviousDays: 30 days outlast the cycle of 20 days (rotateEveryDays)',
    ],
    [
      withKey({ retainPreviousDays: 7 }),
      'prod.keys.web.retentionReason: a retention of 7 days, below 30, needs a written reason',
    ],
    [
      withKey({ kind: 'api' }),
      "prod.keys.web.kind: expected 'ingestion' or 'secret', got \"api\" (a string)",
    ],
    [
      withKey({ audience: undefined }),
      "prod.keys.web.audience: expected 'server' or 'browser', got nothing",
    ],
    [
      withKey({ owner: '' }),
      'prod.keys.web.owner: expected text of letters, digits, spaces and + - = . _ : / @, at most 256 characters, got "" (a string)',
    ],
    [withKey({ purpose: ' ' }), 'prod.keys.web.purpose: expected some text, got " " (a string)'],
    [
      withKey({ colour: 'red' }),
      'prod.keys.web.colour: unknown field; the fields are kind, audience, owner, purpose, pairedWith, rotateEveryDays, retainPreviousDays, retentionReason, verification, standby, sensitivity, consumers',
    ],
    [
      withKey({ kind: 'secret' }),
      'prod.keys.web.pairedWith: expected the name of the API key that completes this secret key, got nothing',
    ],
    [
      withKey({ kind: 'secret', pairedWith: 'nope' }),
      'prod.keys.web.pairedWith: "nope" is not an ingestion key of this environment',
    ],
    [
      withKey({ kind: 'secret', pairedWith: 'web' }),
      'prod.keys.web.pairedWith: "web" is not an ingestion key of this environment',
    ],
    [
      withKey({ pairedWith: 'web' }),
      'prod.keys.web.pairedWith: only a key of kind secret is paired',
    ],
    [{ ...prod, account: '12345' }, 'prod.account: expected 12 digits, got "12345" (a string)'],
    [{ ...prod, account: 111122223333 }, 'prod.account: expected 12 digits, got 111122223333'],
    [
      { ...prod, region: 'Frankfurt' },
      'prod.region: expected an AWS Region such as eu-west-1, got "Frankfurt" (a string)',
    ],
    [
      { ...prod, notify: 'ops@example.com' },
      'prod.notify: expected a list of e-mail addresses, got "ops@example.com" (a string)',
    ],
    [
      { ...prod, notify: ['ops'] },
      'prod.notify.0: expected an e-mail address, got "ops" (a string)',
    ],
    [{ ...prod, rotationWindowHours: 25 }, 'prod.rotationWindowHours: expected 1–24, got 25'],
    [
      { ...prod, breakGlassRoleArn: 'admin' },
      'prod.breakGlassRoleArn: expected the ARN of an IAM role, got "admin" (a string)',
    ],
    [
      {
        ...prod,
        account: '111122223333',
        breakGlassRoleArn: 'arn:aws:iam::444455556666:role/break-glass',
      },
      'prod.breakGlassRoleArn: it is in account 444455556666, the environment in 111122223333, which lets nobody in from there: name a role of 111122223333',
    ],
    [
      { ...prod, account: 111122223333, breakGlassRoleArn: roleArn },
      'prod.account: expected 12 digits, got 111122223333',
    ],
    [
      { ...prod, notificationFormat: 'slack' },
      "prod.notificationFormat: expected 'text' or 'chat', got \"slack\" (a string)",
    ],
    [
      withKey({ sensitivity: 'secret' }),
      "prod.keys.web.sensitivity: expected 'normal' or 'sensitive', got \"secret\" (a string)",
    ],
    [
      withKey({ consumers: 'web' }),
      'prod.keys.web.consumers: expected a list of consumers, got "web" (a string)',
    ],
    [
      withKey({ consumers: [consumer, { ...consumer, role: 'web' }] }),
      'prod.keys.web.consumers.1.role: expected the ARN of an IAM role or user, without a comma and of at most 256 characters, got "web" (a string)',
    ],
    [
      withKey({ consumers: [{ role: consumer.role }] }),
      'prod.keys.web.consumers.0.purpose: expected some text, got nothing',
    ],
    [
      withKey({ consumers: [{ ...consumer, team: 'web' }] }),
      'prod.keys.web.consumers.0.team: unknown field; the fields are role, account, roleName, principalTag, purpose, expires, from, expiresIn, vpcEndpoint, organization, ecsService',
    ],
    [
      withKey({ consumers: [consumer, { ...consumer, purpose: 'another' }] }),
      'prod.keys.web.consumers.1.role: duplicate of consumers.0.role',
    ],
    [
      withKey({ consumers: numbered(16) }),
      'prod.keys.web.consumers: expected at most 15 consumers, got 16',
    ],
    [
      { ...prod, keyDefaults: { consumers: [{ ...consumer, team: 'web' }] } },
      'prod.keyDefaults.consumers.0.team: unknown field; the fields are role, account, roleName, principalTag, purpose, expires, from, expiresIn, vpcEndpoint, organization, ecsService',
    ],
    [
      { ...prod, responder: { requireMfa: 'no' } },
      'prod.responder.requireMfa: expected true or false, got "no" (a string)',
    ],
    [{ ...prod, responder: {} }, 'prod.responder.requireMfa: expected true or false, got nothing'],
    [
      { ...prod, responder: { requireMfa: false, role: 'oncall' } },
      'prod.responder.role: unknown field; the fields are requireMfa',
    ],
    [
      { ...prod, cloudTrailLogGroup: `${logGroupArn}:*` },
      'prod.cloudTrailLogGroup: expected the name of a CloudWatch Logs group, not its ARN, got "arn:aws:logs:eu-west-1:111122223333:log-group:cloudtrail:*" (a string)',
    ],
    [
      { ...prod, logSubscription: { destinationArn: 'arn:aws:s3:::logs' } },
      'prod.logSubscription.destinationArn: expected the ARN of a Firehose or Kinesis stream, a Lambda function or a CloudWatch Logs destination, got "arn:aws:s3:::logs" (a string)',
    ],
    [
      { ...prod, logSubscription: { destinationArn: firehose } },
      'prod.logSubscription.roleArn: expected the ARN of the role that CloudWatch Logs writes to the stream with, got nothing',
    ],
    [
      { ...prod, logSubscription: { destinationArn: firehose, roleArn: 'writer' } },
      'prod.logSubscription.roleArn: expected the ARN of an IAM role, got "writer" (a string)',
    ],
    [
      { ...prod, region: 'us-east-1', logSubscription: { destinationArn: firehose, roleArn } },
      'prod.logSubscription.destinationArn: it is in eu-west-1, the environment in us-east-1: name one of us-east-1',
    ],
    [
      { ...prod, logSubscription: { destinationArn: firehose, roleArn, filter: 'ERROR' } },
      'prod.logSubscription.filter: unknown field; the fields are destinationArn, roleArn',
    ],
    [
      { ...prod, tracing: { layerArn: 'arn:aws:lambda:eu-west-1:615299751070:layer:adot' } },
      'prod.tracing.layerArn: expected the ARN of a version of a Lambda layer, got "arn:aws:lambda:eu-west-1:615299751070:layer:adot" (a string)',
    ],
    [
      { ...prod, region: 'us-east-1', tracing: { layerArn: layer } },
      'prod.tracing.layerArn: it is in eu-west-1, the environment in us-east-1: name one of us-east-1',
    ],
    [
      { ...prod, tracing: { layerArn: layer, endpoint: 'http://otlp.example.com' } },
      'prod.tracing.endpoint: expected an https URL without a trailing slash (http only on 127.0.0.1 or localhost), got "http://otlp.example.com" (a string)',
    ],
    [
      { ...prod, tracing: { layerArn: layer, sampler: 'always' } },
      'prod.tracing.sampler: unknown field; the fields are layerArn, endpoint',
    ],
    [
      { ...prod, amplitude: { ...amplitude, dataResidency: 'us' } },
      "prod.amplitude.dataResidency: expected 'US' or 'EU', got \"us\" (a string)",
    ],
    [
      { ...prod, amplitude: { ...amplitude, projectId: 100001 } },
      "prod.amplitude.projectId: expected digits in quotes, such as '100001', got 100001",
    ],
    [
      {
        ...prod,
        amplitude: { ...amplitude, endpoints: { US: { ingestion: 'http://example.com' } } },
      },
      'prod.amplitude.endpoints.US.ingestion: expected an https URL without a trailing slash (http only on 127.0.0.1 or localhost), got "http://example.com" (a string)',
    ],
    [
      {
        ...prod,
        amplitude: { ...amplitude, endpoints: { US: { ingestion: 'https://example.com/' } } },
      },
      'prod.amplitude.endpoints.US.ingestion: expected an https URL without a trailing slash (http only on 127.0.0.1 or localhost), got "https://example.com/" (a string)',
    ],
    [
      { ...prod, amplitude: { ...amplitude, endpoints: { APAC: {} } } },
      'prod.amplitude.endpoints.APAC: unknown field; the fields are US, EU',
    ],
    [{ ...prod, keys: { '': key } }, 'prod.keys."": a key needs a name'],
    [
      { ...prod, keys: { Web: key } },
      'prod.keys.Web: expected a name of lower-case letters, digits and hyphens, a letter first, at most 40 characters',
    ],
    [
      { ...prod, keys: { ['a'.repeat(32)]: key } },
      'prod.keys.[redacted]: it looks like a key (remove it from the file): keys are handed in by keyctl stage only',
    ],
    [{ ...prod, keys: { web: key, 'web ': key } }, 'prod.keys.web : duplicate of key "web"'],
    [{ ...prod, keys: 'web' }, 'prod.keys: expected the keys by name, got "web" (a string)'],
    [{ ...prod, reclaimAfterDays: 91 }, 'prod.reclaimAfterDays: expected 1–90, got 91'],
    [
      { ...prod, color: 'red' },
      'prod.color: unknown field; the fields are account, region, amplitude, notify, notificationFormat, rotationWindowHours, breakGlassRoleArn, responder, cloudTrailLogGroup, reclaimAfterDays, logSubscription, tracing, accessGuard, relay, keys, keyDefaults',
    ],
  ];

  it.each(cases.map(([environment, fault]) => ({ environment, fault })))(
    '$fault',
    ({ environment, fault }) => {
      expect(faultsOf(environment)).toEqual([fault]);
    },
  );

  it('also of a canary on a secret key, which can not write', () => {
    const keys = {
      web: key,
      export: { ...key, kind: 'secret', pairedWith: 'web', verification: 'canary' },
    };
    expect(faultsOf({ ...prod, keys })).toEqual([
      "prod.keys.export.verification: a secret key can't write events: expected 'query'",
    ]);
  });

  it('also of more keys than a stack holds', () => {
    const keys = Object.fromEntries(
      Array.from({ length: 101 }, (_, index) => [`key-${index}`, key]),
    );
    expect(faultsOf({ ...prod, keys })).toEqual([
      'prod.keys: 101 keys, at most 100 fit a stack: split the environment',
    ]);
  });

  it('also of an environment that is none, or whose name AWS would not take', () => {
    expect(faultsOf('x')).toEqual(['prod: expected an object in braces']);
    expect(faultsOf(prod, 'Prod EU')[0]).toMatch(/^Prod EU: expected a name of lower-case letters/);
    expect(() => parseEnvironments({})).toThrow('at least one environment');
  });

  it('and all of them at once, over all environments', () => {
    const wrong = withKey({ retainPreviousDays: '30', kind: 'api' });
    const both = { dev: wrong, prod: { ...wrong, account: '1' } };
    expect(() => parseEnvironments(both)).toThrow('5 faults in lib/environments.ts:');
  });

  it('and every one of thousands of keys', () => {
    const names = Array.from({ length: 2_000 }, (_, at) => `Web ${at}`);
    const keys = Object.fromEntries(names.map((name) => [name, key]));
    expect(faultsOf({ ...prod, keys })).toHaveLength(1 + names.length);
  });

  it('and a key of a name that objects have themselves', () => {
    const keys = JSON.parse('{"__proto__":null}');
    expect(faultsOf({ ...prod, keys })).toEqual([
      expect.stringContaining('prod.keys.__proto__: expected a name'),
    ]);
  });

  it('and how fields fit together beside faults of others', () => {
    const keys = {
      web: { ...key, colour: 'red', retainPreviousDays: 7 },
      Web: { ...key, owner: '' },
      export: { ...key, kind: 'secret' },
    };
    expect(faultsOf({ ...prod, account: '1', keys })).toEqual([
      expect.stringContaining('prod.account: expected 12 digits'),
      expect.stringContaining('prod.keys.web.colour: unknown field'),
      expect.stringContaining('prod.keys.Web.owner: expected text'),
      'prod.keys.web: duplicate of key "Web"',
      expect.stringContaining('prod.keys.Web: expected a name'),
      'prod.keys.web.retentionReason: a retention of 7 days, below 30, needs a written reason',
      expect.stringContaining('prod.keys.export.pairedWith: expected the name'),
    ]);
  });

  it.each([
    ['a retention', { retainPreviousDays: '300' }, 'retainPreviousDays'],
    ['a cycle', { rotateEveryDays: 0 }, 'rotateEveryDays'],
    ['a reason', { retainPreviousDays: 7, retentionReason: 7 }, 'retentionReason'],
    ['a kind', { kind: 'api', pairedWith: 'nope', verification: 'canary' }, 'kind'],
    ['a pairing', { kind: 'secret', pairedWith: 7 }, 'pairedWith'],
  ])('but nothing that depends on %s which is wrong itself', (_, over, field) => {
    expect(faultsOf(withKey(over))).toEqual([
      expect.stringMatching(new RegExp(`^prod.keys.web.${field}: expected .*got`)),
    ]);
  });

  it('and blames no pairing for the faulty kind of its API key', () => {
    const keys = {
      web: { ...key, kind: 'api' },
      export: { ...key, kind: 'secret', pairedWith: 'web' },
    };
    expect(faultsOf({ ...prod, keys })).toEqual([expect.stringContaining('prod.keys.web.kind')]);
  });

  it('and of keyDefaults once, where they are, not at each key', () => {
    const keyDefaults = { colour: 'red', rotateEveryDays: '90', owner: 7 };
    const { owner: _, ...nobodys } = key;
    const keys = { web: key, api: nobodys, own: { ...key, rotateEveryDays: 0 } };
    expect(faultsOf({ ...prod, keyDefaults, keys })).toEqual([
      'prod.keys.own.rotateEveryDays: expected 1–1000, got 0',
      expect.stringContaining('prod.keyDefaults.owner: expected text'),
      'prod.keyDefaults.rotateEveryDays: expected 1–1000, got "90" (a string)',
      expect.stringMatching(
        /^prod.keyDefaults.colour: unknown field; the fields are kind, audience/,
      ),
    ]);
    expect(faultsOf({ ...prod, keyDefaults: 'red' })).toEqual([
      'prod.keyDefaults: expected an object in braces',
    ]);
  });

  it('without repeating what looks like a key', () => {
    const [fault] = faultsOf({ ...prod, account: 'a'.repeat(32) });
    expect(fault).toBe(
      'prod.account: expected 12 digits, got a string that looks like a key (remove it from the file)',
    );
  });

  it('about a key in a text or a name that would be in the template, wherever it was pasted', () => {
    const pasted = 'a0'.repeat(16);
    const keys = { web: { ...key, purpose: `Events of ${pasted}` }, [`a-${pasted}`]: key };
    const amplitude = { ...prod.amplitude, organization: pasted };
    const faults = faultsOf({ ...prod, amplitude, keys, [pasted]: 1 });
    expect(faults).toEqual([
      expect.stringMatching(/^prod\.\[redacted\]: unknown field/),
      expect.stringMatching(/^prod\.amplitude\.organization: it looks like a key/),
      expect.stringMatching(/^prod\.keys\.web\.purpose: it looks like a key/),
      expect.stringMatching(/^prod\.keys\.a-\[redacted\]: it looks like a key/),
    ]);
  });

  it('about a value that is nested too deep to be walked', () => {
    let deep: object = {};
    for (let level = 0; level < 100_000; level += 1) deep = { deep };
    expect(faultsOf({ ...prod, deep })).toEqual([expect.stringMatching(/^prod\.deep: unknown/)]);
  });

  it('about a key without quotes around it, not repeating the words of the engine', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'environments-'));
    const file = join(folder, 'environments.mjs');
    writeFileSync(file, `export const environments = { dev: { key: ${'a0'.repeat(16)} } };`);
    const error = await loadEnvironments(file).catch((reason) => reason);
    await rm(folder, { recursive: true });
    expect(error.message).toContain('environments: it does not load: [redacted] is not defined');
    expect(JSON.stringify(error.faults)).not.toContain('a0a0');
  });
});

describe('the consumers of a key', () => {
  it.each([
    'arn:aws:iam::111122223333:role/web',
    'arn:aws:iam::111122223333:role/aws-service-role/ecs/web+x=y.z@1',
    'arn:aws-us-gov:iam::111122223333:user/build',
  ])('can be %s', (role) => {
    expect(faultsOf(withKey({ consumers: [{ ...consumer, role }] }))).toEqual([]);
  });

  it.each([
    ['a session of a role', 'arn:aws:sts::111122223333:assumed-role/web/session'],
    ['all roles', 'arn:aws:iam::111122223333:role/*'],
    ['a name that no tag takes', 'arn:aws:iam::111122223333:role/web,blue'],
    ['an ARN that no tag takes', `arn:aws:iam::111122223333:role/${'web/'.repeat(60)}web`],
  ])('are not %s', (_, role) => {
    expect(faultsOf(withKey({ consumers: [{ ...consumer, role }] }))).toEqual([
      expect.stringContaining('prod.keys.web.consumers.0.role: expected the ARN'),
    ]);
  });

  it('can be fifteen, and be said once for all keys', () => {
    expect(faultsOf(withKey({ consumers: numbered(15) }))).toEqual([]);
    const keyDefaults = { consumers: [consumer], sensitivity: 'sensitive' };
    const keys = { web: key, api: { ...key, consumers: [], sensitivity: 'normal' } };
    expect(parseEnvironments({ prod: { ...prod, keyDefaults, keys } }).prod?.keys).toMatchObject([
      { name: 'web', consumers: [consumer], sensitivity: 'sensitive' },
      { name: 'api', consumers: [], sensitivity: 'normal' },
    ]);
  });
});

describe('log lines', () => {
  it.each([
    [firehose, roleArn],
    ['arn:aws:kinesis:eu-west-1:111122223333:stream/logs', roleArn],
    ['arn:aws:lambda:eu-west-1:111122223333:function:to-elastic', undefined],
    ['arn:aws-us-gov:logs:us-gov-west-1:111122223333:destination:central', undefined],
  ])('can be sent to %s', (destinationArn, role) => {
    const logSubscription = { destinationArn, ...(role ? { roleArn: role } : {}) };
    expect(faultsOf({ ...prod, logSubscription })).toEqual([]);
  });
});

it('a layer goes with any Region that is left to the credentials, and with its own', () => {
  expect(faultsOf({ ...prod, tracing: { layerArn: layer } })).toEqual([]);
  expect(faultsOf({ ...prod, region: 'eu-west-1', tracing: { layerArn: layer } })).toEqual([]);
});

describe('the shipped environments', () => {
  it('are dev, test and prod, without a fault', () => {
    expect(Object.keys(parseEnvironments(environments))).toEqual(['dev', 'test', 'prod']);
  });

  it('guard production alone', () => {
    const guarded = Object.values(parseEnvironments(environments)).filter((one) => one.accessGuard);
    expect(guarded.map(({ name }) => name)).toEqual(['prod']);
  });
});

describe('a file of environments', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'environments-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('can be another one than the shipped', async () => {
    const file = join(folder, 'good.ts');
    writeFileSync(file, `export const environments = ${JSON.stringify({ prod })};`);
    expect(Object.keys(await loadEnvironments(file))).toEqual(['prod']);
  });

  it('that writes a name twice, which JavaScript would pass over, is told by line', async () => {
    const file = join(folder, 'twice.ts');
    const lines = [
      "import type { KeyKind } from './nowhere.ts';",
      "const kind: KeyKind = 'ingestion';",
      'export const environments = { prod: { keys: {',
      '  server: { kind },',
      "  'web': { kind },",
      '  server: { kind },',
      '} } };',
    ];
    writeFileSync(file, lines.join('\n'));
    const error = await loadEnvironments(file).catch((reason) => reason);
    expect(error.faults).toContainEqual({
      path: 'line 6',
      message: '"server" is written twice, first on line 4; the later would replace it',
    });
    expect(error.faults).toContainEqual(expect.objectContaining({ path: 'prod.amplitude' }));
  });

  it.each([
    ['is missing', undefined, 'there is no such file'],
    ['has a key without quotes', `export const environments = ${'a'.repeat(32)};`, '[redacted]'],
    ['does not parse', 'export const environments = {', 'it does not load'],
    ['exports nothing', 'export const x = 1;', 'at least one environment'],
  ])('that %s is a fault that names it', async (title, content, words) => {
    const file = join(folder, `${title.replaceAll(' ', '-')}.ts`);
    if (content) writeFileSync(file, content);
    const error = await loadEnvironments(file).catch((reason) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toContain(words);
    expect(error.message).toContain(file);
  });
});

describe('what is allowed and rarely meant is a warning', () => {
  const read = withKey({ consumers: [consumer] });
  const warnings = (environment: unknown) =>
    Object.values(parseEnvironments({ prod: environment })).flatMap(warningsOf);

  it('as nobody to notify', () => {
    expect(warnings(read)).toEqual([
      'prod.notify: no address, so nobody hears of a failed rotation',
    ]);
  });

  it('as addresses that would be sent what is written for a chat', () => {
    const chat = { ...read, notificationFormat: 'chat' };
    expect(warnings({ ...chat, notify: ['ops@example.com'] })).toEqual([
      'prod.notify: notices are written for chats, so these addresses are sent JSON',
    ]);
    expect(warnings(chat)).toEqual([]);
  });

  it('as a browser key on a short cycle', () => {
    const keys = { web: { ...key, audience: 'browser', consumers: [consumer] } };
    const browser = { ...prod, keys, notify: ['ops@example.com'] };
    expect(warnings(browser)).toEqual([expect.stringContaining('a new device ID')]);
  });

  it('as a key that nobody can read', () => {
    expect(warnings({ ...prod, notify: ['ops@example.com'] })).toEqual([
      'prod.keys.web: no consumers, so nobody but the functions, CloudFormation and break-glass can read it: a deployment cuts off whoever does now',
    ]);
  });
});

it('explains where each value came from', () => {
  const written = { ...prod, notify: ['ops@example.com'], keyDefaults: { rotateEveryDays: 60 } };
  const config = parseEnvironments({ prod: written }).prod;
  if (!config) throw new Error('no prod');
  const rows = Object.fromEntries(explain(config, written).map((row) => [row.path, row]));
  expect(rows['amplitude.organization']).toMatchObject({ value: 'acme', source: 'environment' });
  expect(rows['amplitude.endpoints.US.ingestion']).toMatchObject({ source: 'dataResidency' });
  expect(rows.notify).toMatchObject({ value: ['ops@example.com'], source: 'environment' });
  expect(rows.rotationWindowHours).toMatchObject({ value: 4, source: 'default' });
  expect(rows.notificationFormat).toMatchObject({ value: 'text', source: 'default' });
  expect(rows['keys.web.owner']).toMatchObject({ source: 'environment' });
  expect(rows['keys.web.rotateEveryDays']).toMatchObject({ value: 60, source: 'keyDefaults' });
  expect(rows['keys.web.retainPreviousDays']).toMatchObject({ value: 30, source: 'default' });
});

it('explains each consumer of a key apart, and each of its fields', () => {
  const tagged = {
    principalTag: { key: 'team', value: 'web' },
    purpose: 'events',
    ecsService: { cluster: 'apps', service: 'web' },
  };
  const written = withKey({ consumers: [consumer, tagged] });
  const config = parseEnvironments({ prod: written }).prod;
  if (!config) throw new Error('no prod');
  const rows = explain(config, written).filter(({ path }) => path.includes('.consumers'));
  expect(rows).toEqual([
    { path: 'keys.web.consumers.0.role', value: consumer.role, source: 'environment' },
    { path: 'keys.web.consumers.0.purpose', value: consumer.purpose, source: 'environment' },
    { path: 'keys.web.consumers.1.principalTag.key', value: 'team', source: 'environment' },
    { path: 'keys.web.consumers.1.principalTag.value', value: 'web', source: 'environment' },
    { path: 'keys.web.consumers.1.purpose', value: 'events', source: 'environment' },
    { path: 'keys.web.consumers.1.ecsService.cluster', value: 'apps', source: 'environment' },
    { path: 'keys.web.consumers.1.ecsService.service', value: 'web', source: 'environment' },
  ]);
});
