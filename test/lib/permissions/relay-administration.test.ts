import { describe, expect, it } from 'vitest';
import { ALL_PARTS, nounsOf } from '../../../lambda/contract.ts';
import { retainedUntilLabel } from '../../../lambda/domain/labels.ts';
import { authorize, type Principal } from '../../aws/policy/authorize.ts';
import type { Deployed } from '../../aws/policy/deployed.ts';
import { arn, PLACE, type Resources, resolve } from '../../aws/policy/intrinsics.ts';
import { read } from '../../aws/policy/reading.ts';
import { accountOf, exampleKey, resourcesOf, synthesize } from '../synthesized.ts';
import { ABSENT, allowedIn } from './allowed.ts';
import { STATES } from './who-reads.ts';

const { account } = PLACE;
const keys = { web: exampleKey, api: exampleKey };
const template = synthesize({ relay: { key: 'web' }, keys });
const world = accountOf(template);
const guarded = accountOf(synthesize({ relay: { key: 'web' }, keys, accessGuard: {} }));
const { Resources: resources } = template.toJSON() as { Resources: Resources };

const administrator: Principal = {
  kind: 'identity',
  id: `arn:aws:iam::${account}:role/admin`,
  account,
  policies: [{ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }],
};
const roleNamed = ({ roles }: Deployed, name: string) => {
  const role = roles.find((one) => one.name === name);
  if (!role) throw new Error(`There is no role ${name}.`);
  return role;
};

/** Of a resource's own policy, by the property that names the resource. */
function policyOf(
  type: string,
  names: (properties: Record<string, unknown>) => unknown,
  of: string,
) {
  const found = resourcesOf(template, type).find(({ Properties }) =>
    JSON.stringify(names(Properties)).includes(of),
  );
  const { PolicyDocument, ResourcePolicy } = found?.Properties ?? {};
  return resolve(PolicyDocument ?? ResourcePolicy, resources);
}

const secret = (name: string) => ({
  resource: arn('secretsmanager', `secret:amplitude-relay/dev/${name}-AbCdEf`),
});
const token = secret('token');
const digestKey = {
  ...secret('digest-key'),
  policy: policyOf(
    'AWS::SecretsManager::ResourcePolicy',
    ({ SecretId }) => SecretId,
    'RelaySecretsDigestKey',
  ),
};
const queueOf = (name: string, id: string) => ({
  resource: arn('sqs', name),
  policy: policyOf('AWS::SQS::QueuePolicy', ({ Queues }) => Queues, id),
});
const queue = queueOf('amplitude-dev-relay', 'RelayQueuesQueue');
const failed = queueOf('amplitude-dev-relay-failed', 'RelayQueuesFailed');
const tls = { 'aws:SecureTransport': 'true' };
const decide = (who: Principal, action: string, { resource, policy }: typeof queue, given = {}) =>
  authorize(
    who,
    { action, resource, context: { ...ABSENT, ...tls, ...given } },
    { account, policy },
  );

describe('the key of the digests', () => {
  it('is read by the intake, and by no operator and no administrator', () => {
    const get = 'secretsmanager:GetSecretValue';
    expect(allowedIn(world, get, digestKey)).toEqual(['relay-intake']);
    expect(decide(administrator, get, digestKey)).toBe('explicit deny');
  });

  it('is changed by nobody of the stack, and still to be administered', () => {
    for (const name of ['PutSecretValue', 'UpdateSecret', 'RotateSecret', 'DeleteSecret']) {
      expect(allowedIn(world, `secretsmanager:${name}`, digestKey)).toEqual([]);
    }
    expect(decide(administrator, 'secretsmanager:DeleteResourcePolicy', digestKey)).toBe('allowed');
  });
});

describe('the token', () => {
  it('is read by the intake, and by operators, who paste it into Dify', () => {
    expect(allowedIn(world, 'secretsmanager:GetSecretValue', token)).toEqual([
      'operator',
      'relay-intake',
      'responder',
    ]);
  });

  it('is replaced by operators alone', () => {
    expect(allowedIn(world, 'secretsmanager:PutSecretValue', token)).toEqual([
      'operator',
      'responder',
    ]);
    expect(allowedIn(world, 'secretsmanager:UpdateSecretVersionStage', token)).toEqual([]);
  });
});

describe('the queue', () => {
  const people = ['operator', 'responder'];

  it('is filled by the intake, and by operators from the failed events', () => {
    expect(allowedIn(world, 'sqs:SendMessage', queue)).toEqual([
      people[0],
      'relay-intake',
      people[1],
    ]);
    expect(allowedIn(world, 'sqs:SendMessage', failed)).toEqual(['relay-sender']);
  });

  it('is filled by no other function and from no other account, whatever IAM allows', () => {
    const send = (who: Principal) => decide(who, 'sqs:SendMessage', queue);
    const { policies } = administrator;
    for (const noun of nounsOf(ALL_PARTS)) {
      const { id } = roleNamed(guarded, noun);
      const expected = noun === 'relay-intake' ? 'allowed' : 'explicit deny';
      expect(send({ ...administrator, id }), noun).toBe(expected);
    }
    const other = { account: '444455556666', id: 'arn:aws:iam::444455556666:role/other' };
    expect(send({ kind: 'identity', ...other, policies })).toBe('explicit deny');
  });

  it('is open to whoever moves events back: to people of the account, and to AWS in their name', () => {
    expect(decide(administrator, 'sqs:SendMessage', queue)).toBe('allowed');
    const sqs: Principal = { kind: 'service', id: 'sqs.amazonaws.com', account, policies: [] };
    expect(decide(sqs, 'sqs:SendMessage', queue)).not.toBe('explicit deny');
  });

  it('of failed events is filled by the sender, and by no administrator', () => {
    expect(decide(administrator, 'sqs:SendMessage', failed)).toBe('explicit deny');
  });

  it('of failed events is filled by SQS itself with what was received too often', () => {
    const sqs: Principal = { kind: 'service', id: 'sqs.amazonaws.com', account, policies: [] };
    expect(decide(sqs, 'sqs:SendMessage', failed)).not.toBe('explicit deny');
  });

  it.each(['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'PurgeQueue'])(
    'is emptied by the sender, and by %s by no administrator',
    (name) => {
      const expected = ['ReceiveMessage', 'DeleteMessage'].includes(name) ? ['relay-sender'] : [];
      expect(allowedIn(world, `sqs:${name}`, queue)).toEqual(expected);
      expect(decide(administrator, `sqs:${name}`, queue)).toBe('explicit deny');
    },
  );

  it('of failed events is moved back by operators', () => {
    for (const name of ['StartMessageMoveTask', 'ListMessageMoveTasks', 'ReceiveMessage']) {
      expect(allowedIn(world, `sqs:${name}`, failed)).toEqual(people);
    }
    expect(allowedIn(world, 'sqs:StartMessageMoveTask', queue)).toEqual([]);
    expect(allowedIn(world, 'sqs:PurgeQueue', failed)).toEqual([]);
  });

  it('is spoken to by TLS alone', () => {
    const plain = { 'aws:SecureTransport': 'false' };
    for (const one of [queue, failed]) {
      expect(decide(administrator, 'sqs:SendMessage', one, plain)).toBe('explicit deny');
    }
  });
});

describe('the table', () => {
  const table = { resource: arn('dynamodb', 'table/amplitude-dev-relay') };
  const may = (name: string, ...leadingKeys: string[]) =>
    allowedIn(world, `dynamodb:${name}`, table, { 'dynamodb:LeadingKeys': leadingKeys });

  it('takes models from the intake, and shows them to the sender', () => {
    expect(may('UpdateItem', 'trace 0af7651916cd43dd')).toEqual(['relay-intake']);
    expect(may('BatchGetItem', 'trace 1', 'trace 2')).toEqual(['relay-sender']);
  });

  it('holds for the sender alone why it is held back, what it has told and what Amplitude refused', () => {
    for (const name of ['GetItem', 'UpdateItem', 'DeleteItem']) {
      expect(may(name, 'held')).toEqual(['relay-sender']);
    }
    expect(may('PutItem', 'notice held 2026-12-24T00:00:00.000Z')).toEqual(['relay-sender']);
    expect(may('UpdateItem', 'refused run-1')).toEqual(['relay-sender']);
  });

  it.each([
    ['UpdateItem', ['trace 1', 'held']],
    ['BatchGetItem', ['trace 1', 'held']],
    ['GetItem', ['trace 1']],
    ['DeleteItem', ['trace 1']],
    ['PutItem', ['trace 1']],
    ['PutItem', ['held']],
    ['DeleteItem', ['notice on 2026-12-24T00:00:00.000Z']],
    ['Scan', ['trace 1']],
  ])('is open to nobody for %s of %j', (name, items) => {
    expect(may(name, ...items)).toEqual([]);
  });

  it.each(['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'])(
    'is open to nobody for %s of no item that is named',
    (name) => {
      expect(allowedIn(world, `dynamodb:${name}`, table)).toEqual([]);
    },
  );

  const ofGuard = { resource: arn('dynamodb', 'table/amplitude-dev-access-guard') };
  const intakeMay = (name: string, item: string) =>
    allowedIn(guarded, `dynamodb:${name}`, ofGuard, { 'dynamodb:LeadingKeys': [item] }).includes(
      'relay-intake',
    );

  it('of an access guard tells the intake who is quarantined, and nothing else', () => {
    expect(intakeMay('GetItem', 'quarantines')).toBe(true);
    expect(intakeMay('GetItem', 'baseline arn')).toBe(false);
    expect(intakeMay('PutItem', 'quarantines')).toBe(false);
  });
});

describe('the keys', () => {
  const reads = (name: string, key: string, how = {}) =>
    read(world, roleNamed(world, name), `amplitude/dev/${key}`, how, STATES.normal);
  const retained = retainedUntilLabel(
    new Date('2026-12-24T00:00:00Z'),
    '0a1b2c3d-0000-4000-8000-000000000000',
  );

  it('are none that the intake reads', () => {
    expect(reads('relay-intake', 'web')).toBe('explicit deny');
    expect(reads('relay-intake', 'api')).toBe('explicit deny');
  });

  it('are one that the sender reads, by label as any consumer, and not by version id', () => {
    expect(reads('relay-sender', 'web')).toBe('reads');
    expect(reads('relay-sender', 'web', { VersionStage: 'AWSCURRENT' })).toBe('reads');
    expect(reads('relay-sender', 'web', { VersionStage: retained })).toBe('reads');
    expect(reads('relay-sender', 'web', { VersionStage: 'AWSPENDING' })).toBe('explicit deny');
    expect(reads('relay-sender', 'web', { VersionId: '0a1b2c3d' })).toBe('explicit deny');
    expect(reads('relay-sender', 'api')).toBe('explicit deny');
  });

  it('are read by neither in a lockdown', () => {
    const locked = STATES['key locked down'];
    const sender = roleNamed(world, 'relay-sender');
    expect(read(world, sender, 'amplitude/dev/web', {}, locked)).toBe('explicit deny');
  });

  it.each(['PutSecretValue', 'UpdateSecretVersionStage', 'TagResource', 'RotateSecret'])(
    'are changed by neither: %s',
    (name) => {
      const [web] = world.secrets;
      const its = { resource: web?.arn ?? '', policy: web?.policy };
      const who = allowedIn(world, `secretsmanager:${name}`, its, { 'aws:TagKeys': ['x'] });
      expect(who.filter((one) => one.startsWith('relay'))).toEqual([]);
    },
  );
});

describe('the event source mapping', () => {
  const mapping = (id: string) => ({ resource: arn('lambda', `event-source-mapping:${id}`) });
  const [own] = resourcesOf(template, 'AWS::Lambda::EventSourceMapping');

  it('is turned off and on by the sender, and no other function has one that it may turn', () => {
    const turn = 'lambda:UpdateEventSourceMapping';
    expect(allowedIn(world, turn, mapping(own?.id ?? ''))).toEqual(['relay-sender']);
    expect(allowedIn(world, turn, mapping('another'))).toEqual([]);
    for (const name of ['CreateEventSourceMapping', 'DeleteEventSourceMapping']) {
      expect(allowedIn(world, `lambda:${name}`, mapping(own?.id ?? ''))).toEqual([]);
    }
  });
});

describe('a function of the relay', () => {
  it.each([
    ['relay-intake', []],
    ['relay-sender', ['RelaySenderSchedulerRole']],
  ])('%s is invoked by no other of the stack', (noun, callers) => {
    const resource = arn('lambda', `function:amplitude-dev-${noun}`);
    expect(allowedIn(world, 'lambda:InvokeFunction', { resource })).toEqual(callers);
  });

  it.each(['relay-intake', 'relay-sender'])('%s has a role that Lambda alone takes', (noun) => {
    const role = roleNamed(world, noun);
    const asked = { action: 'sts:AssumeRole', resource: role.id, context: ABSENT };
    const owned = { account, policy: role.trust, needsPolicy: true };
    const lambda: Principal = {
      kind: 'service',
      id: 'lambda.amazonaws.com',
      account,
      policies: [],
    };
    expect(authorize(lambda, asked, owned)).toBe('allowed');
    expect(authorize(administrator, asked, owned)).toBe('implicit deny');
  });
});
