import { describe, expect, it } from 'vitest';
import { recordedCall, trailEvent } from '../../../lambda/adapters/cloudtrail-event.ts';
import {
  byOpenId,
  federatedUser,
  identityCenter,
  onInstance,
  otherAccount,
  read,
  role,
  root,
  service,
  user,
  userInSession,
} from '../../aws/recorded/cloudtrail.ts';

const EventTime = new Date('2026-11-24T12:00:00Z');
const of = (record: object) => trailEvent({ EventTime, CloudTrailEvent: JSON.stringify(record) });
const eventName = 'GetSecretValue';

describe('an event of CloudTrail', () => {
  it.each([
    [
      'a service',
      { type: 'AWSService', invokedBy: 'ecs-tasks.amazonaws.com' },
      'ecs-tasks.amazonaws.com',
    ],
    ['another account', { type: 'AWSAccount', accountId: '444455556666' }, '444455556666'],
    ['nobody', {}, 'an unknown principal'],
  ])('is by %s', (_, userIdentity, principal) => {
    expect(of({ eventName, userIdentity })).toMatchObject({ principal });
  });

  it('is by a role, whose path and session it tells apart', () => {
    const arn = 'arn:aws:iam::111122223333:role/team/backend';
    const userIdentity = {
      arn: 'arn:aws:sts::111122223333:assumed-role/backend/task-1',
      sessionContext: { sessionIssuer: { arn } },
    };
    expect(of({ eventName, userIdentity })).toMatchObject({ principal: arn, session: 'task-1' });
  });

  it('is read at once, however its caller is written', () => {
    const arn = `${':assumed-role/a/'.repeat(16_000)}\n`;
    const started = performance.now();
    expect(of({ eventName, userIdentity: { arn } })).toMatchObject({ principal: arn });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('may have no parameters, or some of another form', () => {
    expect(of({ eventName, userIdentity: {}, requestParameters: null })).toMatchObject({});
    const requestParameters = {
      secretId: 7,
      versionId: 'v1',
      encryptionContext: { SecretARN: [] },
    };
    const event = of({ eventName, userIdentity: {}, requestParameters });
    expect(event).toMatchObject({ versionId: 'v1' });
    expect(event).not.toHaveProperty('secretId');
    expect(event).not.toHaveProperty('decrypted');
  });

  it.each(['', '{', '[]', '"text"', '{"eventName":7}'])('is none: %j', (CloudTrailEvent) => {
    expect(trailEvent({ EventTime, CloudTrailEvent })).toBeUndefined();
  });
});

describe('a call as EventBridge delivers it', () => {
  const ROLE = 'arn:aws:iam::111122223333:role/backend';
  const USER = 'arn:aws:iam::111122223333:user/ann';
  const SSO = 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com';

  // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
  it.each([
    ["a function's session", role('backend', 'web-api'), ROLE, 'AssumedRole', 'web-api', 'no'],
    ['an instance', onInstance('backend', 'i-0a1b'), ROLE, 'AssumedRole', 'i-0a1b', 'no'],
    ['a workflow', byOpenId('backend', 'deploy'), ROLE, 'AssumedRole', 'deploy', 'no'],
    [
      'a person of Identity Center',
      identityCenter('ann@example.com'),
      `${SSO}/AWSReservedSSO_Admin_0a1b2c3d4e5f6a7b`,
      'AssumedRole',
      'ann@example.com',
      'unknown',
    ],
    ['a user by an access key', user(), USER, 'IAMUser', undefined, 'unknown'],
    ['a user in a session', userInSession('ann', 'true'), USER, 'IAMUser', undefined, 'yes'],
    // Of the user who let it in, without whom there would be no such session
    ['a federated user', federatedUser('bob'), USER, 'other', undefined, 'no'],
    ['the root user', root(), 'arn:aws:iam::111122223333:root', 'Root', undefined, 'no'],
    ['another account', otherAccount(), '444455556666', 'AWSAccount', undefined, 'unknown'],
    [
      'a service',
      service('ecs-tasks.amazonaws.com'),
      'ecs-tasks.amazonaws.com',
      'AWSService',
      undefined,
      'unknown',
    ],
  ])('is by %s', (_, by, principal, kind, session, mfa) => {
    const call = recordedCall(read({ by }));
    expect(call).toMatchObject({ principal, kind, mfa });
    expect(call?.session).toBe(session);
  });
});

describe('the caller of a recorded call', () => {
  it.each<[string, object, object]>([
    ['a session of a role', role('backend'), { userId: 'AROAIDPPEZS35WEXAMPLE:task-1' }],
    ['an IAM user', user(), { userId: 'AIDAJ45Q7YFFAREXAMPLE', userName: 'ann' }],
    ['one of another account', otherAccount(), { userId: 'AROAEXAMPLE:session' }],
    ['a service', service('ecs.amazonaws.com'), {}],
  ])('has of %s the id by which policies know it', (_, by, told) => {
    const { userId, userName } = recordedCall(read({ by })) ?? {};
    expect({ ...(userId ? { userId } : {}), ...(userName ? { userName } : {}) }).toEqual(told);
  });
});
