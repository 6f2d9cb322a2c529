import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import {
  ALL_PARTS,
  FUNCTION_NOUNS,
  type FunctionNoun,
  GUARD_NOUN,
  nounsOf,
  RELAY_NOUNS,
} from '../../../lambda/contract.ts';
import type { Rotation } from '../../../lib/rotation.ts';
import type { Deployed } from '../../aws/policy/deployed.ts';
import { accountOf, everyOption, resourcesOf, stackOf, synthesize } from '../synthesized.ts';
import { actionsIn, factoriesOf } from './adapters.ts';
import { callsOf } from './calls.ts';
import { grantsOf } from './grants.ts';
import {
  difference,
  logging,
  needsOf,
  ofGuard,
  ofIntake,
  ofInventory,
  ofRecord,
  ofSender,
  polling,
  TRACING,
} from './needs.ts';
import { type Sources, sourcesIn } from './sources.ts';

const sources = sourcesIn('lambda');
const template = synthesize();
const other = synthesize(everyOption);
const guarded = synthesize({ accessGuard: {} });
const quarantining = synthesize({ accessGuard: { answer: 'quarantine' } });
const relayed = synthesize({ relay: { key: 'web' } });
const NOTHING = { idle: [], missing: [] };

/** The part of keyctl that looks after a relay, or all else. */
const keyctlOf = ({ isRelayed }: { readonly isRelayed: boolean }): Sources =>
  new Map(
    [...sourcesIn('bin')].filter(([path]) => path.startsWith('bin/operator/relay/') === isRelayed),
  );

/** What a configuration leaves out: reads are asked about in one of three ways, and services where one is named. */
const QUERIES = ['logsInsights', 'insightsHistory', 'ecsServices'];
const LOOKUPS = ['lookupEvents', 'eventHistory'];
const RECORD = ['usageActivity', 'usageHistory'];
/** A guard that only observes begins no quarantine, so that the sweep has none to look after. */
const QUARANTINES = ['quarantineTags', 'quarantineAnnouncer', 'lifecycle quarantineTable'];
const worlds = [
  {
    title: 'without options',
    world: accountOf(template),
    nouns: FUNCTION_NOUNS,
    unwired: [...QUERIES, ...RECORD, ...QUARANTINES, 'guardTableMemory', 'quarantineTable'],
    more: [],
  },
  {
    title: 'with every option',
    world: accountOf(other),
    nouns: nounsOf(ALL_PARTS),
    unwired: [...LOOKUPS, ...RECORD],
    more: TRACING,
  },
  {
    title: 'with an access guard that observes',
    world: accountOf(guarded),
    nouns: nounsOf({ isGuarded: true, isRelayed: false }),
    unwired: [...QUERIES, ...QUARANTINES, 'revoker'],
    more: [],
  },
  {
    title: 'with an access guard that quarantines',
    world: accountOf(quarantining),
    nouns: nounsOf({ isGuarded: true, isRelayed: false }),
    unwired: [...QUERIES, 'revoker'],
    more: [],
  },
  {
    title: 'with a relay alone',
    world: accountOf(relayed),
    nouns: RELAY_NOUNS,
    unwired: ['relay-intake quarantineTable'],
    more: [],
  },
] as const;
const [{ world }] = worlds;

const roleNamed = ({ roles }: Deployed, name: string) => {
  const role = roles.find((one) => one.name === name);
  if (!role) throw new Error(`There is no role ${name}.`);
  return role;
};

/** A call that an adapter makes by other credentials than the function's. */
const isOthers = (factory: string, action: string) =>
  factory === 'probe' && action === 'secretsmanager:GetSecretValue';

function needed(
  noun: FunctionNoun,
  unwired: readonly string[],
  from: Sources = sources,
  more: readonly string[] = [],
) {
  const isWired = (factory: string) =>
    !unwired.includes(factory) && !unwired.includes(`${noun} ${factory}`);
  const needs = callsOf(noun, from)
    .filter(({ factory }) => isWired(factory))
    .flatMap(({ factory, actions }) => {
      const own = [...actions].filter((action) => !isOthers(factory, action));
      const lines = [...needsOf(own)];
      return factory === 'inventoryFunction' ? lines.map(ofInventory) : lines;
    });
  const ofTrail = unwired.includes('usageHistory') ? needs : needs.map(ofRecord);
  return new Set([...ofNoun(noun, ofTrail), ...logging(noun), ...more]);
}

function ofNoun(noun: FunctionNoun, needs: readonly string[]): readonly string[] {
  switch (noun) {
    case GUARD_NOUN:
      return [...needs.map(ofGuard), ...polling("the guard's queue")];
    case 'relay-intake':
      return needs.flatMap(ofIntake);
    case 'relay-sender':
      return [...needs.flatMap(ofSender), ...polling("the relay's queue")];
    default:
      return needs;
  }
}

describe.each(worlds)('$title, what its code calls, and nothing else, is allowed', (one) => {
  it.each(one.nouns)('the function %s', (noun) => {
    const needs = needed(noun, one.unwired, sources, one.more);
    expect(difference(grantsOf(roleNamed(one.world, noun)), needs)).toEqual(NOTHING);
  });
});

describe('of the other roles', () => {
  it('the probe may do what the adapter does by its credentials', () => {
    const calls = callsOf('emergency', sources).filter(({ factory }) => factory === 'probe');
    const actions = calls.flatMap(({ actions }) => [...actions]);
    const its = needsOf(actions.filter((action) => isOthers('probe', action)));
    expect(difference(grantsOf(roleNamed(world, 'probe')), its)).toEqual(NOTHING);
  });

  it('operators may do what keyctl calls, and responders besides invoke the function emergency', () => {
    // It needs no permission.
    const unlisted = ['sts:GetCallerIdentity', 'lambda:InvokeFunction'];
    const called = [...actionsIn(keyctlOf({ isRelayed: false }))].filter(
      (one) => !unlisted.includes(one),
    );
    const needs = needsOf(called);
    const invoked = ['rotation', 'inspect'].map(
      (noun) => `lambda:InvokeFunction on the function ${noun}`,
    );
    const policies = [world.managedPolicies.get('AmplitudeKeys-dev-operator')];
    const operators = grantsOf({ policies });
    const renamed = [...needs, ...invoked].map((line) =>
      line.replace(/^(logs:FilterLogEvents on) .*/, '$1 the audit trail'),
    );
    expect(difference(operators, new Set(renamed))).toEqual(NOTHING);
    const responder = grantsOf(roleNamed(world, 'responder'));
    expect(difference(responder, operators)).toEqual({
      idle: ['lambda:InvokeFunction on the function emergency'],
      missing: [],
    });
  });

  it('the scheduler may start the sweep, and wake the sender of a relay', () => {
    expect([...grantsOf(roleNamed(world, 'LifecycleSchedulerRole'))]).toEqual([
      'lambda:InvokeFunction on the function lifecycle',
    ]);
    const waking = roleNamed(accountOf(relayed), 'RelaySenderSchedulerRole');
    expect([...grantsOf(waking)]).toEqual(['lambda:InvokeFunction on the function relay-sender']);
  });

  it('operators may besides look after a relay: its failed events and its token', () => {
    const [plain, more] = [world, accountOf(relayed)].map((one) =>
      grantsOf({ policies: [one.managedPolicies.get('AmplitudeKeys-dev-operator')] }),
    );
    const { idle, missing } = difference(more ?? new Set(), plain ?? new Set());
    expect({ idle, missing }).toEqual({
      idle: [
        'kms:Decrypt on the CMK of topic and logs through secretsmanager',
        'kms:Decrypt on the CMK of topic and logs through sqs',
        'kms:GenerateDataKey on the CMK of topic and logs through secretsmanager',
        'kms:GenerateDataKey on the CMK of topic and logs through sqs',
        'lambda:GetPolicy on the function relay-intake',
        'lambda:ListEventSourceMappings on *',
        "secretsmanager:DescribeSecret on the relay's token",
        "secretsmanager:GetSecretValue on the relay's token",
        "secretsmanager:PutSecretValue on the relay's token",
        "sqs:DeleteMessage on the relay's failed events",
        "sqs:GetQueueAttributes on the relay's failed events",
        "sqs:GetQueueAttributes on the relay's queue",
        "sqs:GetQueueUrl on the relay's failed events",
        "sqs:GetQueueUrl on the relay's queue",
        "sqs:ListMessageMoveTasks on the relay's failed events",
        "sqs:ReceiveMessage on the relay's failed events",
        "sqs:SendMessage on the relay's queue",
        "sqs:StartMessageMoveTask on the relay's failed events",
      ],
      missing: [],
    });
    const actions = idle.map((line) => line.replace(/ on .*/, ''));
    // A move of SQS's takes and puts in their name, and the token is read to be pasted into Dify.
    const others = /^(kms:.*|sqs:(DeleteMessage|SendMessage)|secretsmanager:GetSecretValue)$/;
    const called = new Set(actions.filter((action) => !others.test(action)));
    expect(difference(called, actionsIn(keyctlOf({ isRelayed: true })))).toEqual(NOTHING);
  });

  it('break-glass may do by hand what an emergency wants, and not disable the CMK', () => {
    const calls = [
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:TagResource',
      'secretsmanager:UntagResource',
      'secretsmanager:UpdateSecretVersionStage',
      'ssm:GetParametersByPath',
      'ssm:DeleteParameter',
      'kms:DescribeKey',
      'kms:EnableKey',
    ];
    expect(difference(grantsOf(roleNamed(world, 'break-glass')), needsOf(calls))).toEqual(NOTHING);
  });

  it('break-glass may besides send again what the access guard could not judge', () => {
    const [plain, every] = worlds.map((one) => grantsOf(roleNamed(one.world, 'break-glass')));
    expect(difference(every ?? new Set(), plain ?? new Set())).toEqual({
      idle: [
        'kms:Decrypt on the CMK of topic and logs through sqs',
        'kms:GenerateDataKey on the CMK of topic and logs through sqs',
        'sqs:DeleteMessage on the queue of failed events',
        'sqs:GetQueueAttributes on the queue of failed events',
        'sqs:ReceiveMessage on the queue of failed events',
        "sqs:SendMessage on the guard's queue",
        'sqs:StartMessageMoveTask on the queue of failed events',
      ],
      missing: [],
    });
  });
});

describe('the comparison misses nothing:', () => {
  const withText = (path: string, from: string, to: string) => {
    const text = sources.get(path) ?? '';
    expect(text).toContain(from);
    return new Map([...sources, [path, text.replace(from, to)]]);
  };
  const granted = grantsOf(roleNamed(world, 'rotation'));

  it('it finds an action that the stack allows and no code calls', () => {
    const { stack } = stackOf();
    const rotation = stack.node.findChild('Rotation') as Rotation;
    rotation.function.allow(['secretsmanager:DeleteSecret'], ['*']);
    const wider = grantsOf(roleNamed(accountOf(Template.fromStack(stack)), 'rotation'));
    expect(difference(wider, needed('rotation', QUERIES))).toEqual({
      idle: ['secretsmanager:DeleteSecret on *'],
      missing: [],
    });
  });

  it('it finds a new command in an adapter, and a new call of a method in the domain', () => {
    const adapter = withText(
      'lambda/adapters/staged-keys.ts',
      'new DeleteParameterCommand({ Name: name })',
      'new DeleteParameterCommand({ Name: name }), new GetParametersByPathCommand({}), new PutParameterCommand({})',
    );
    const path = 'lambda/adapters/staged-keys.ts';
    const imported = (adapter.get(path) ?? '').replace(
      '  type Parameter,',
      '  PutParameterCommand,',
    );
    const changed = new Map([...adapter, [path, imported]]);
    expect(difference(granted, needed('rotation', QUERIES, changed)).missing).toEqual([
      'kms:Encrypt on the CMK of the keys through ssm',
      'kms:GenerateDataKey on the CMK of the keys through ssm',
      'ssm:PutParameter on the staged keys',
    ]);
    const domain = withText('lambda/domain/rotation.ts', 'secrets.describe(', 'secrets.forget(');
    expect(difference(granted, needed('rotation', QUERIES, domain)).missing).toEqual([
      'secretsmanager:UntagResource on the secrets',
    ]);
  });

  it.each([
    ['const vault = ports.secrets;\n'],
    ['const { describe } = ports.secrets;\n'],
    ['const { secrets: vault } = ports;\n'],
    ['function other(vault: Secrets) {}\n'],
    ["ports.secrets['describe']();\n"],
  ])('it refuses a port by another name: %s', (line) => {
    const changed = withText('lambda/domain/rotation.ts', '/', '/');
    changed.set('lambda/domain/rotation.ts', `${changed.get('lambda/domain/rotation.ts')}${line}`);
    expect(() => callsOf('rotation', changed)).toThrow('another name');
  });

  it('every command of the adapters belongs to a method, and every method is called', () => {
    const calls = nounsOf(ALL_PARTS).flatMap((noun) => callsOf(noun, sources));
    const inAdapters = new Map([...sources].filter(([path]) => path.includes('/adapters/')));
    expect(new Set(calls.flatMap(({ actions }) => [...actions]))).toEqual(actionsIn(inAdapters));
    expect(actionsIn(sources)).toEqual(actionsIn(inAdapters));
    const called = new Set(
      calls.map(({ factory, method }) => `${factory} ${method.split('.')[1]}`),
    );
    const wired = new Set(calls.map(({ factory }) => factory));
    const offered = factoriesOf(sources)
      .filter(({ name }) => wired.has(name))
      .flatMap(({ name, methods }) => [...methods.keys()].map((method) => `${name} ${method}`));
    expect([...called].toSorted()).toEqual(offered.toSorted());
  });
});

describe('the functions are told', () => {
  const variables = (from: Template, noun: FunctionNoun) =>
    resourcesOf(from, 'AWS::Lambda::Function').find(
      ({ Properties }) => Properties.FunctionName === `amplitude-dev-${noun}`,
    )?.Properties.Environment;

  it.each(['inspect', 'lifecycle'] as const)(
    "%s CloudTrail's log group where there is one, and else none",
    (noun) => {
      expect(variables(template, noun)).toMatchObject({ Variables: { CLOUDTRAIL_LOG_GROUP: '' } });
      expect(variables(other, noun)).toMatchObject({
        Variables: { CLOUDTRAIL_LOG_GROUP: 'org/cloudtrail' },
      });
    },
  );

  it.each(['inspect', 'lifecycle'] as const)(
    '%s the rules of the access guard where there is one, whose record it asks, and else none',
    (noun) => {
      expect(variables(template, noun)).toMatchObject({ Variables: { GUARD_RULES: '' } });
      expect(variables(guarded, noun)).toMatchObject({
        Variables: { GUARD_RULES: expect.stringContaining('"mostReads":100') },
      });
    },
  );

  it('lifecycle after how many days a grant counts as unused', () => {
    expect(variables(template, 'lifecycle')).toMatchObject({
      Variables: { RECLAIM_AFTER_DAYS: '30' },
    });
    expect(variables(synthesize({ reclaimAfterDays: 60 }), 'lifecycle')).toMatchObject({
      Variables: { RECLAIM_AFTER_DAYS: '60' },
    });
  });

  it('emergency the role by which it tries a lockdown out', () => {
    const probe = resourcesOf(template, 'AWS::IAM::Role').find(
      ({ Properties }) => Properties.RoleName === 'AmplitudeKeys-dev-probe',
    );
    expect(variables(template, 'emergency')).toMatchObject({
      Variables: { PROBE_ROLE_ARN: { 'Fn::GetAtt': [probe?.id, 'Arn'] } },
    });
  });
});
