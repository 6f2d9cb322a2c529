import { describe, expect, it } from 'vitest';
import { tag } from '../../../lambda/contract.ts';
import { authorize, type Principal } from '../../aws/policy/authorize.ts';
import type { Context } from '../../aws/policy/conditions.ts';
import type { Deployed } from '../../aws/policy/deployed.ts';
import { arn, PLACE } from '../../aws/policy/intrinsics.ts';
import { accountOf, everyOption, exampleKey, resourcesOf, synthesize } from '../synthesized.ts';
import { ABSENT, allowedIn } from './allowed.ts';
import { principals, readmeJson } from './who-reads.ts';

const template = synthesize({ keys: { server: exampleKey } });
const world = accountOf(template);
const { account, region } = PLACE;
const [secret] = world.secrets;

const allowed = (
  action: string,
  owned: Parameters<typeof allowedIn>[2],
  context: Context = {},
  of: Deployed = world,
) => allowedIn(of, action, owned, context);

function principal(name: string): Principal {
  const found = principals(world).get(name);
  if (!found) throw new Error(`There is no ${name}.`);
  return found;
}

const cmk = { resource: world.keysCmk.arn, policy: world.keysCmk.policy, needsPolicy: true };
const theSecret = { resource: secret?.arn ?? '', policy: secret?.policy };
const each = (actions: readonly string[], ask: (action: string) => string[]) =>
  Object.fromEntries(actions.map((action) => [action, ask(action)]));
const nobody = (actions: readonly string[]) => each(actions, () => []);

describe('the CMK of the keys', () => {
  /** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html */
  const others = [
    'CancelKeyDeletion',
    'CreateAlias',
    'CreateGrant',
    'DeleteAlias',
    'DeleteImportedKeyMaterial',
    'DisableKeyRotation',
    'EnableKeyRotation',
    'PutKeyPolicy',
    'ReplicateKey',
    'RetireGrant',
    'RevokeGrant',
    'RotateKeyOnDemand',
    'ScheduleKeyDeletion',
    'TagResource',
    'UntagResource',
    'UpdateAlias',
    'UpdateKeyDescription',
    'UpdatePrimaryRegion',
  ].map((name) => `kms:${name}`);

  it('is disabled by the emergency function alone, enabled by break-glass too, and else left alone', () => {
    expect(allowed('kms:DisableKey', cmk)).toEqual(['emergency']);
    expect(allowed('kms:EnableKey', cmk)).toEqual(['break-glass', 'emergency']);
    expect(each(others, (action) => allowed(action, cmk))).toEqual(nobody(others));
  });

  it('is no other role of the stack to disable: one that could would be found', () => {
    const disable = { Statement: { Effect: 'Allow', Action: 'kms:Dis*', Resource: '*' } };
    const roles = world.roles.map((role) =>
      role.name === 'lifecycle' ? { ...role, policies: [...role.policies, disable] } : role,
    );
    expect(allowed('kms:DisableKey', cmk, {}, { ...world, roles })).toEqual([
      'emergency',
      'lifecycle',
    ]);
  });
});

describe('the tags of a secret', () => {
  const lockdown = 'amplitude-lockdown';
  it.each<[string, readonly string[] | undefined, string[], string[]]>([
    ['the lockdown', [lockdown], ['break-glass', 'emergency'], ['break-glass', 'emergency']],
    [
      'the lockdown with its note',
      [lockdown, 'amplitude-note-lockdown'],
      ['emergency'],
      ['break-glass', 'emergency'],
    ],
    ['a note', ['amplitude-note-reminded'], ['emergency', 'lifecycle'], ['emergency', 'lifecycle']],
    [
      'the note of an event that was not sent',
      ['amplitude-note-unannounced'],
      ['emergency', 'lifecycle', 'rotation'],
      ['emergency', 'lifecycle'],
    ],
    [
      'the note of a hand-over, where there is nobody to hand a key to',
      ['amplitude-note-hand-over'],
      ['emergency', 'lifecycle'],
      ['emergency', 'lifecycle'],
    ],
    [
      'two of these with another',
      ['amplitude-note-unannounced', 'amplitude-note-hand-over', 'amplitude-note-reminded'],
      ['emergency', 'lifecycle'],
      ['emergency', 'lifecycle'],
    ],
    [
      'a quarantine, which only an access guard that is no more may have left',
      ['amplitude-quarantine-1'],
      [],
      ['lifecycle'],
    ],
    ['a note with a setting', ['amplitude-note-reminded', 'amplitude-owner'], [], []],
    ['the lockdown with a setting', [lockdown, 'amplitude-owner'], [], []],
    ['a setting', ['amplitude-owner'], [], []],
    ['none', undefined, [], []],
  ])('may be touched by few: %s', (_, keys, tag, untag) => {
    const context = { 'aws:TagKeys': keys };
    expect(allowed('secretsmanager:TagResource', theSecret, context)).toEqual(tag);
    expect(allowed('secretsmanager:UntagResource', theSecret, context)).toEqual(untag);
  });
});

describe('an ECS service that is handed the key', () => {
  const handed = accountOf(synthesize(everyOption));
  const of = (service: string) => ({ resource: arn('ecs', `service/${service}`) });
  const who = (action: string, service: string, from = handed) =>
    allowed(`ecs:${action}`, of(service), {}, from);

  it('is restarted and watched by the functions, and no other service is', () => {
    expect(who('UpdateService', 'dify/web')).toEqual(['emergency', 'lifecycle', 'rotation']);
    expect(who('ListServiceDeployments', 'dify/web')).toEqual([
      'emergency',
      'inspect',
      'lifecycle',
      'rotation',
    ]);
    for (const service of ['dify/web-2', 'dify/api', 'other/web']) {
      expect(who('UpdateService', service)).toEqual([]);
      expect(who('ListServiceDeployments', service)).toEqual([]);
    }
  });

  it.each([
    ['ListTasks', '*', 'dify', ['inspect', 'lifecycle']],
    ['ListTasks', '*', 'other', []],
    ['DescribeTasks', arn('ecs', 'task/dify/0a1b'), 'dify', ['inspect', 'lifecycle']],
    ['DescribeTasks', arn('ecs', 'task/other/0a1b'), 'other', []],
  ])('has tasks, which few may look at: %s of %s in %s', (action, resource, cluster, expected) => {
    const context = { 'ecs:cluster': arn('ecs', `cluster/${cluster}`) };
    expect(allowed(`ecs:${action}`, { resource }, context, handed)).toEqual(expected);
  });

  it('is nothing that anybody may touch where none is named', () => {
    for (const action of ['UpdateService', 'ListServiceDeployments']) {
      expect(who(action, 'dify/web', world)).toEqual([]);
    }
  });

  it('may be on record by a rotation too', () => {
    const context = { 'aws:TagKeys': ['amplitude-note-hand-over'] };
    const [one] = handed.secrets;
    const its = { resource: one?.arn ?? '', policy: one?.policy };
    const tag = 'secretsmanager:TagResource';
    expect(allowed(tag, its, context, handed)).toEqual(['emergency', 'lifecycle', 'rotation']);
  });
});

describe('an event', () => {
  const by = (source: string, type: string, bus = 'default') =>
    allowed(
      'events:PutEvents',
      { resource: arn('events', `event-bus/${bus}`) },
      {
        'events:source': source,
        'events:detail-type': type,
      },
    );
  const [source, type] = ['amplitude-keys', 'Amplitude Key Rotated'];

  it('that a key was rotated is sent by whoever makes another key current, or repeats it', () => {
    expect(by(source, type)).toEqual(['emergency', 'lifecycle', 'rotation']);
  });

  it('of another kind, or on another bus, is sent by nobody', () => {
    expect(by('other', type)).toEqual([]);
    expect(by(source, 'Other')).toEqual([]);
    expect(by(source, type, 'other')).toEqual([]);
  });
});

describe('nobody of the stack', () => {
  it('may change the policy of a secret, delete it or turn its schedule off', () => {
    const actions = [
      'CancelRotateSecret',
      'DeleteResourcePolicy',
      'DeleteSecret',
      'PutResourcePolicy',
      'ReplicateSecretToRegions',
      'RemoveRegionsFromReplication',
      'RestoreSecret',
      'UpdateSecret',
    ].map((name) => `secretsmanager:${name}`);
    expect(each(actions, (action) => allowed(action, theSecret))).toEqual(nobody(actions));
  });

  it('may change a function or a role', () => {
    const resource = arn('lambda', 'function:amplitude-dev-emergency');
    const code = ['AddPermission', 'UpdateFunctionCode', 'UpdateFunctionConfiguration'].map(
      (name) => `lambda:${name}`,
    );
    expect(each(code, (action) => allowed(action, { resource }))).toEqual(nobody(code));
    const role = { resource: principal('emergency').id };
    const roles = ['AttachRolePolicy', 'PassRole', 'PutRolePolicy', 'UpdateAssumeRolePolicy'].map(
      (name) => `iam:${name}`,
    );
    expect(each(roles, (action) => allowed(action, role))).toEqual(nobody(roles));
  });
});

describe('a function is invoked', () => {
  it.each([
    ['emergency', ['lifecycle', 'responder']],
    ['inspect', ['operator', 'responder']],
    ['lifecycle', ['LifecycleSchedulerRole']],
    ['rotation', ['lifecycle', 'operator', 'responder']],
  ])('by whom it is meant for: %s', (noun, callers) => {
    const resource = arn('lambda', `function:amplitude-dev-${noun}`);
    expect(allowed('lambda:InvokeFunction', { resource })).toEqual(callers);
  });

  it('inspect by the access guard too, where there is one, and the guard by nobody', () => {
    const guarded = accountOf(synthesize({ accessGuard: {} }));
    const invokers = (noun: string) => {
      const resource = arn('lambda', `function:amplitude-dev-${noun}`);
      return allowed('lambda:InvokeFunction', { resource }, {}, guarded);
    };
    expect(invokers('inspect')).toEqual(['access-guard', 'operator', 'responder']);
    expect(invokers('access-guard')).toEqual([]);
  });

  it('and by no service but Secrets Manager, which invokes the rotation', () => {
    const permissions = resourcesOf(template, 'AWS::Lambda::Permission');
    expect(permissions).toMatchObject([
      {
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: { 'Fn::GetAtt': [expect.stringMatching(/^RotationFunction/), 'Arn'] },
          Principal: 'secretsmanager.amazonaws.com',
          SourceAccount: { Ref: 'AWS::AccountId' },
        },
      },
    ]);
  });
});

describe('a role is taken', () => {
  const [mfa, source] = ['aws:MultiFactorAuthPresent', 'sts:SourceIdentity'];
  const trusted = (
    name: string,
    who: Principal,
    given: Context = {},
    { action = 'sts:AssumeRole', of = world } = {},
  ) => {
    const role = of.roles.find((one) => one.name === name);
    if (!role) throw new Error(`There is no role ${name}.`);
    const context = { ...ABSENT, [mfa]: undefined, [source]: undefined, ...given };
    const asked = { action, resource: role.id, context };
    return authorize(who, asked, { account, policy: role.trust, needsPolicy: true }) === 'allowed';
  };
  const all = [...principals(world)];
  const takers = (name: string, given?: Context, of = world) =>
    all.filter(([, who]) => trusted(name, who, given, { of })).map(([who]) => who);
  const everything = { [mfa]: 'true', [source]: 'ada' };
  const admins = ['administrator', 'cfn-exec', 'root user'];

  it('the one that tries lockdowns out by the emergency function alone, not even by an administrator', () => {
    expect(takers('probe', everything)).toEqual(['emergency']);
  });

  it.each(['rotation', 'lifecycle', 'inspect', 'emergency'])('%s by Lambda alone', (name) => {
    const lambda: Principal = {
      kind: 'service',
      id: 'lambda.amazonaws.com',
      account,
      policies: [],
    };
    expect(takers(name, everything)).toEqual([]);
    expect(trusted(name, lambda)).toBe(true);
  });

  it("the sweep's by the scheduler of this account", () => {
    const id = 'scheduler.amazonaws.com';
    const scheduler: Principal = { kind: 'service', id, account, policies: [] };
    const by = (owner: string) =>
      trusted('LifecycleSchedulerRole', scheduler, { 'aws:SourceAccount': owner });
    expect(takers('LifecycleSchedulerRole', everything)).toEqual([]);
    expect([by(account), by('444455556666')]).toEqual([true, false]);
  });

  it("responder and break-glass by whom the account's policies allow, and never without MFA", () => {
    expect(takers('responder', everything)).toEqual(admins);
    expect(takers('break-glass', everything)).toEqual(admins);
    expect(takers('responder', { [source]: 'ada' })).toEqual([]);
    expect(takers('break-glass', { [source]: 'ada' })).toEqual([]);
  });

  it('responder never without a source identity, which may be set on the way', () => {
    expect(takers('responder', { [mfa]: 'true' })).toEqual([]);
    const admin = principal('administrator');
    const action = 'sts:SetSourceIdentity';
    expect(trusted('responder', admin, everything, { action })).toBe(true);
    expect(trusted('responder', admin, { [source]: 'ada' }, { action })).toBe(false);
  });

  it('responder without MFA where that is configured, and still not without a source identity', () => {
    const of = accountOf(synthesize({ responder: { requireMfa: false } }));
    expect(takers('responder', { [source]: 'ada' }, of)).toEqual(admins);
    expect(takers('responder', {}, of)).toEqual([]);
    expect(takers('break-glass', { [source]: 'ada' }, of)).toEqual([]);
  });
});

describe("the README's service control policy", () => {
  const filled = JSON.stringify(readmeJson('KeepLockdownsAndGrants'))
    .replaceAll('ACCOUNT', account)
    .replaceAll('KEY-ID', world.keysCmk.arn.split('/')[1] ?? '')
    .replaceAll('REGION', region)
    .replaceAll('amplitude/prod', 'amplitude/dev')
    .replaceAll('amplitude-prod', 'amplitude-dev')
    .replaceAll('AmplitudeKeys-prod', 'AmplitudeKeys-dev');
  const controls = [JSON.parse(filled)];
  const decide = (
    who: string,
    action: string,
    owned: typeof theSecret,
    keys?: readonly string[],
  ) => {
    const context = { ...ABSENT, 'aws:TagKeys': keys };
    const asked = { action, resource: owned.resource, context };
    return authorize(principal(who), asked, { account, ...owned, controls });
  };
  const memory = {
    resource: arn('dynamodb', 'table/amplitude-dev-access-guard'),
    policy: undefined,
  };
  const undo: [string, typeof theSecret, (readonly string[])?][] = [
    ['secretsmanager:UntagResource', theSecret, ['amplitude-lockdown']],
    ['secretsmanager:UntagResource', theSecret, ['amplitude-owner', 'amplitude-note-lockdown']],
    ['secretsmanager:TagResource', theSecret, ['amplitude-lockdown']],
    ['secretsmanager:TagResource', theSecret, [tag.consumer(1)]],
    ['secretsmanager:UntagResource', theSecret, ['amplitude-quarantine-4']],
    ['secretsmanager:TagResource', theSecret, ['amplitude-owner', 'amplitude-quarantine-1']],
    ['dynamodb:PutItem', memory],
    ['dynamodb:DeleteTable', memory],
    ['secretsmanager:DeleteResourcePolicy', theSecret],
    ['kms:EnableKey', cmk],
    ['kms:PutKeyPolicy', cmk],
    [
      'lambda:UpdateFunctionCode',
      { resource: arn('lambda', 'function:amplitude-dev-emergency'), policy: undefined },
    ],
    ['iam:PutRolePolicy', { resource: principal('emergency').id, policy: undefined }],
    ['iam:UpdateAssumeRolePolicy', { resource: principal('break-glass').id, policy: undefined }],
  ];

  it.each(undo)('keeps administrators from %s', (action, owned, keys) => {
    expect(decide('administrator', action, owned, keys)).toBe('explicit deny');
    expect(decide('cfn-exec', action, owned, keys)).toBe('allowed');
  });

  it('hinders neither the emergency function nor break-glass, nor other work of administrators', () => {
    const lockdown = ['amplitude-lockdown'];
    for (const who of ['emergency', 'break-glass']) {
      expect(decide(who, 'secretsmanager:UntagResource', theSecret, lockdown)).toBe('allowed');
      expect(decide(who, 'kms:EnableKey', cmk)).toBe('allowed');
    }
    expect(decide('administrator', 'dynamodb:GetItem', memory)).toBe('allowed');
    const owner = ['amplitude-owner'];
    expect(decide('administrator', 'secretsmanager:TagResource', theSecret, owner)).toBe('allowed');
    expect(decide('administrator', 'kms:DescribeKey', cmk)).toBe('allowed');
  });
});
