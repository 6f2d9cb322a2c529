import { describe, expect, it } from 'vitest';
import { recordedCall, trailEvent } from '../../../lambda/adapters/cloudtrail-event.ts';
import { otherAccount, read, role, service, user } from '../../aws/recorded/cloudtrail.ts';

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
