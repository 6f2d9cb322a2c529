import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadEnvironments, parseEnvironments } from '../../lib/config.ts';
import { ConfigError } from '../../lib/config-faults.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const key = { kind: 'ingestion', audience: 'server', owner: 'growth', purpose: 'events' };
const amplitude = { organization: 'acme', projectId: '100001', dataResidency: 'US' };
const withConsumers = (consumers: unknown, over: object = {}) => ({
  amplitude,
  keys: { web: { ...key, consumers } },
  ...over,
});

const account = '111122223333';
const role = `arn:aws:iam::${account}:role/service/web`;
const purpose = 'sends events';
const principalTag = { key: 'team', value: 'web' };
const ecsService = { cluster: 'apps', service: 'web' };

function faultsOf(environment: unknown, now?: Date): string[] {
  try {
    parseEnvironments({ prod: environment }, now ? { now } : {});
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('a consumer is named', () => {
  it.each([
    ['by the ARN of a role', { role }],
    ['by account and role name, with a path', { account, roleName: 'service/web' }],
    ['by a tag', { principalTag }],
    ['by a tag in another account', { account: '444455556666', principalTag }],
  ])('%s', (_, consumer) => {
    const others = { vpcEndpoint: 'vpce-0a1b2c3d4e5f60718', organization: 'o-a1b2c3d4e5' };
    expect(faultsOf(withConsumers([{ ...consumer, ...others, purpose }]), NOW)).toEqual([]);
  });

  it.each<[fault: string, consumer: object]>([
    [
      ': expected role, or account and roleName, or principalTag, got none: name the consumer by one of them',
      {},
    ],
    [': expected roleName or principalTag beside account, got neither', { account }],
    [
      '.principalTag: the consumer is named by role already: keep one of the two',
      { role, principalTag },
    ],
    [
      '.roleName: the consumer is named by role already: keep one of the two',
      { role, roleName: 'web', account },
    ],
    ['.account: role names its account itself: take account out', { role, account }],
    ['.account: expected the account of the role, 12 digits, got nothing', { roleName: 'web' }],
    [
      '.principalTag: expected at most 242 characters of key and value, got 254',
      { principalTag: { key: 'team', value: 'x'.repeat(250) } },
    ],
    [
      '.principalTag.value: expected text of letters, digits, spaces and + - = . _ : / @, at most 256 characters, got "a*" (a string)',
      { principalTag: { key: 'team', value: 'a*' } },
    ],
    [
      '.principalTag.name: unknown field; the fields are key, value',
      { principalTag: { ...principalTag, name: 'x' } },
    ],
    [
      '.ecsService.task: unknown field; the fields are cluster, service',
      { role, ecsService: { ...ecsService, task: 'x' } },
    ],
    [
      '.vpcEndpoint: expected the id of a VPC endpoint, vpce-…, got "vpc-1" (a string)',
      { role, vpcEndpoint: 'vpc-1' },
    ],
    [
      '.organization: expected the id of an organization in AWS Organizations, o-…, got "acme" (a string)',
      { role, organization: 'acme' },
    ],
  ])('in one way only: fault %s', (fault, consumer) => {
    expect(faultsOf(withConsumers([{ ...consumer, purpose }]))).toEqual([
      `prod.keys.web.consumers.0${fault}`,
    ]);
  });

  it('and nothing is said of its fields together while one of them is wrong itself', () => {
    expect(faultsOf(withConsumers([{ role: 'web', account, purpose }, 'web']))).toEqual([
      expect.stringContaining('consumers.0.role: expected the ARN'),
      'prod.keys.web.consumers.1: expected an object in braces',
    ]);
  });

  it.each([{ value: 'web' }, { key: 'team' }, {}, 'team'])(
    'nor of a tag that is wrong itself: %j',
    (tag) => {
      const faults = faultsOf(withConsumers([{ principalTag: tag, role, purpose }]));
      expect(faults.length).toBeGreaterThan(0);
      for (const fault of faults)
        expect(fault).toMatch(/principalTag.*: expected .*(got|in braces)/);
    },
  );

  it('and told of keyDefaults once, where they are', () => {
    const keyDefaults = { consumers: [{ purpose }] };
    const keys = { web: key, api: key, own: { ...key, consumers: [{ role, purpose }] } };
    expect(faultsOf({ amplitude, keyDefaults, keys })).toEqual([
      expect.stringMatching(/^prod.keyDefaults.consumers.0: expected role, or/),
    ]);
  });
});

describe('a consumer is named once:', () => {
  const byName = { account, roleName: 'service/web', purpose };

  it.each<[string, object[], string]>([
    ['by its ARN', [{ role }, { role }], 'consumers.1.role: duplicate of consumers.0.role'],
    ['by ARN and name', [{ role }, byName], 'consumers.1.roleName: duplicate of consumers.0.role'],
    [
      'by a tag, of whose key the case means nothing',
      [{ principalTag }, { role }, { principalTag: { ...principalTag, key: 'Team' } }],
      'consumers.2.principalTag: duplicate of consumers.0.principalTag',
    ],
  ])('%s', (_, consumers, fault) => {
    const all = consumers.map((one) => ({ ...one, purpose }));
    expect(faultsOf(withConsumers(all))).toEqual([`prod.keys.web.${fault}`]);
  });

  it('another value of its tag, or another account, is another one', () => {
    const tags = [
      { principalTag },
      { principalTag: { ...principalTag, value: 'api' } },
      { principalTag, account },
    ];
    expect(faultsOf(withConsumers(tags.map((one) => ({ ...one, purpose }))))).toEqual([]);
  });
});

it('a tag in the account of the environment is named once, whether that is written or not', () => {
  const tags = [{ principalTag }, { principalTag, account }].map((one) => ({ ...one, purpose }));
  expect(faultsOf(withConsumers(tags, { account }))).toEqual([
    'prod.keys.web.consumers.1.principalTag: duplicate of consumers.0.principalTag',
  ]);
  expect(faultsOf(withConsumers(tags, { account: '444455556666' }))).toEqual([]);
});

describe('a grant ends', () => {
  it.each<[fault: string, end: object]>([
    [
      'expires: the end is said by from and expiresIn too: keep one of the two',
      { expires: '2027-01-31', from: '2027-01-01', expiresIn: 60 },
    ],
    ["from: expected when expiresIn begins, such as '2027-01-31', got nothing", { expiresIn: 60 }],
    [
      'expiresIn: expected the seconds from from to the end of the grant, got nothing',
      { from: '2027-01-01' },
    ],
    ['expiresIn: expected 1–315360000, got 0', { from: '2027-01-01', expiresIn: 0 }],
    [
      "expires: expected a date such as '2027-01-31', or a time such as '2027-01-31T12:00:00Z', got \"31.1.2027\" (a string)",
      { expires: '31.1.2027' },
    ],
  ])('at one time only: fault %s', (fault, end) => {
    expect(faultsOf(withConsumers([{ role, purpose, ...end }]))).toEqual([
      `prod.keys.web.consumers.0.${fault}`,
    ]);
  });

  const ended: [string, object][] = [
    ['expires: the grant ended on 2026-11-24T12:00:00.000Z', { expires: '2026-11-24T12:00:00Z' }],
    ['expires: the grant ended on 2026-11-24T00:00:00.000Z', { expires: '2026-11-24' }],
    [
      'expiresIn: the grant ended on 2026-11-23T00:01:00.000Z',
      { from: '2026-11-23', expiresIn: 60 },
    ],
  ];

  it.each(ended)('and a stack of one that did is refused: %s', (fault, end) => {
    expect(faultsOf(withConsumers([{ role, purpose, ...end }]), NOW)).toEqual([
      `prod.keys.web.consumers.0.${fault}: take the consumer out, or give it a later end`,
    ]);
  });

  it.each(ended)('and nobody is held up by it in an emergency: %s', (_, end) => {
    expect(faultsOf(withConsumers([{ role, purpose, ...end }]))).toEqual([]);
  });

  it('a second later than now, and is none yet', () => {
    const expires = '2026-11-24T12:00:01Z';
    expect(faultsOf(withConsumers([{ role, purpose, expires }]), NOW)).toEqual([]);
  });

  it('and a file is read with and without the time', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'environments-')), 'ended.ts');
    const prod = withConsumers([{ role, purpose, expires: '2026-11-24' }]);
    await writeFile(file, `export const environments = ${JSON.stringify({ prod })};`);
    expect(await loadEnvironments(file)).toHaveProperty('prod');
    await expect(loadEnvironments(file, { now: NOW })).rejects.toThrow('the grant ended on');
    await rm(dirname(file), { recursive: true });
  });
});

describe('an ARN of a role or user', () => {
  const china = role.replace('arn:aws:', 'arn:aws-cn:');
  const faults = (region: string | undefined, arn: string) =>
    faultsOf(withConsumers([{ role: arn, purpose }], region ? { region } : {}));

  it.each([
    ['eu-west-1', role],
    ['cn-north-1', china],
    ['us-gov-west-1', role.replace('arn:aws:', 'arn:aws-us-gov:')],
    ['eusc-de-east-1', role.replace('arn:aws:', 'arn:aws-eusc:')],
    [undefined, china],
  ])('is of the partition of its Region: %s, %s', (region, arn) => {
    expect(faults(region, arn)).toEqual([]);
  });

  it.each([
    ['eu-west-1', china, 'aws'],
    ['cn-north-1', role, 'aws-cn'],
    ['us-gov-east-1', china, 'aws-us-gov'],
  ])('and in %s nobody has %s', (region, arn, partition) => {
    expect(faults(region, arn)).toEqual([
      `prod.keys.web.consumers.0.role: ARNs of ${region} begin with arn:${partition}: nobody there has this one`,
    ]);
  });

  it.each([
    'arn:aws:sts::111122223333:assumed-role/web/session',
    'arn:aws:iam::111122223333:root',
    `arn:aws:iam::${account}:role/*`,
    `${role}/`,
    role.replace('/web', '//web'),
    `${role}${'x'.repeat(65)}`,
  ])('and names one that there may be, which is not: %s', (arn) => {
    expect(faults(undefined, arn)).toEqual([
      expect.stringContaining('consumers.0.role: expected the ARN of an IAM role or user'),
    ]);
  });

  it('and may be of IAM Identity Center', () => {
    const name = 'aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0a1b2c3d4e5f6a7b';
    expect(faults(undefined, `arn:aws:iam::${account}:role/${name}`)).toEqual([]);
  });

  it('and nothing is said of it where the Region is wrong itself', () => {
    expect(faults('Frankfurt', china)).toEqual([
      expect.stringMatching(/^prod\.region: expected an AWS Region/),
    ]);
  });
});

describe('an ECS service is restarted', () => {
  const elsewhere = { role: 'arn:aws:iam::444455556666:role/web', purpose, ecsService };

  it('in the account of the environment only', () => {
    expect(faultsOf(withConsumers([elsewhere], { account }))).toEqual([
      "prod.keys.web.consumers.0.ecsService: the consumer is in account 444455556666, the environment in 111122223333: services are restarted in the environment's own only, take it out",
    ]);
    expect(faultsOf(withConsumers([elsewhere]))).toEqual([]);
    expect(faultsOf(withConsumers([elsewhere], { account: 111122223333 }))).toEqual([
      'prod.account: expected 12 digits, got 111122223333',
    ]);
    expect(faultsOf(withConsumers([{ role, purpose, ecsService }], { account }))).toEqual([]);
  });

  it.each([{ account: ['1'] }, { account: '1' }])(
    'and is judged by no account that is wrong itself: %j',
    (over) => {
      expect(faultsOf(withConsumers([elsewhere], over))).toEqual([
        expect.stringMatching(/^prod.account: expected 12 digits/),
      ]);
    },
  );

  it('for the consumers of several keys', () => {
    const consumers = [{ role, purpose, ecsService }];
    const keys = { web: { ...key, consumers }, api: { ...key, consumers } };
    expect(faultsOf({ amplitude, keys })).toEqual([]);
  });
});

describe('roles that the stack works with', () => {
  const breakGlassRoleArn = `arn:aws:iam::${account}:role/security/break-glass`;
  const ours = [
    ...['rotation', 'lifecycle', 'inspect', 'emergency', 'probe', 'break-glass'].map(
      (name) => `AmplitudeKeys-prod-${name}`,
    ),
    `cdk-hnb659fds-cfn-exec-role-${account}-eu-west-1`,
    'security/break-glass',
  ];
  const fault = (field: string) =>
    `prod.keys.web.consumers.0.${field}: a grant of a role that the stack itself works with has no end and no condition: it would be locked out, or isn't held back at all`;

  it.each(ours)('have no end and no condition: %s', (name) => {
    const own = { role: `arn:aws:iam::${account}:role/${name}`, purpose };
    const told = (more: object) =>
      faultsOf(withConsumers([{ ...own, ...more }], { breakGlassRoleArn }));
    expect(told({ expires: '2099-01-01' })).toEqual([fault('expires')]);
    expect(told({ from: '2099-01-01', expiresIn: 60 })).toEqual([fault('from')]);
    expect(told({ vpcEndpoint: 'vpce-0a1b2c3d4e5f60718' })).toEqual([fault('vpcEndpoint')]);
    expect(told({ organization: 'o-a1b2c3d4e5' })).toEqual([fault('organization')]);
    expect(told({})).toEqual([]);
  });

  it('are known by account and name too, and are no others of that name elsewhere', () => {
    const named = (account: string) => [
      { account, roleName: 'AmplitudeKeys-prod-probe', purpose, expires: '2099-01-01' },
    ];
    expect(faultsOf(withConsumers(named(account), { account }))).toEqual([fault('expires')]);
    expect(faultsOf(withConsumers(named('444455556666'), { account }))).toEqual([]);
  });
});

describe('the tags of a secret', () => {
  const many = (count: number, more: (index: number) => object = () => ({})) =>
    Array.from({ length: count }, (_, index) => ({
      role: `${role}-${index}`,
      purpose,
      ...more(index),
    }));
  const end = { expires: '2099-01-01' };

  it('have room for fifteen consumers, some with an end and a service', () => {
    const six = (index: number) => (index < 6 ? end : {});
    expect(faultsOf(withConsumers(many(15)))).toEqual([]);
    expect(faultsOf(withConsumers(many(15, six)))).toEqual([]);
  });

  it('and not for an end and a service of each', () => {
    const all = many(8, () => ({ ...end, ecsService }));
    expect(faultsOf(withConsumers(all))).toEqual([
      'prod.keys.web.consumers: 8 consumers, 8 ends and 8 ECS services are 24 tags of the secret, at most 21: name consumers together by a principalTag',
    ]);
  });
});
