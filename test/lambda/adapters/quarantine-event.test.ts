import { beforeEach, describe, expect, it } from 'vitest';
import { quarantineAnnouncer } from '../../../lambda/adapters/quarantine-event.ts';
import type { FakeAws } from '../../aws/fakes/fake-aws.ts';
import { ADDRESS, fakeWith, INTERN, LAPTOP, NOW, quarantined } from '../quarantined.ts';

const quarantine = {
  ...quarantined({ session: LAPTOP, principal: INTERN, address: ADDRESS }),
  isAnnounced: false,
  slot: 1,
};
const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:amplitude/dev/web-AbCdEf';
const EVENT = { environment: 'dev', quarantine, secretArn };
let aws: FakeAws;
beforeEach(() => {
  aws = fakeWith();
});

const announce = (event: Parameters<ReturnType<typeof quarantineAnnouncer>['announce']>[0]) =>
  quarantineAnnouncer(aws.clients.events).announce(event);

describe('that a reader is quarantined', () => {
  it('is an event on the default bus, with what a firewall needs, about the secret', async () => {
    await announce(EVENT);
    const { id, denied, principal, score, until, eventId } = quarantine;
    expect(aws.events.taken).toEqual([
      {
        source: 'amplitude-keys',
        detailType: 'Amplitude Reader Quarantined',
        detail: { environment: 'dev', id, key: 'web', denied, principal, score, until, eventId },
        resources: [secretArn],
        at: NOW,
      },
    ]);
  });

  it('is about no secret where it was a sign-in', async () => {
    const { key: _, ...signIn } = quarantine;
    await announce({ environment: 'dev', quarantine: signIn });
    expect(aws.events.taken[0]?.resources).toEqual([]);
    expect(aws.events.taken[0]?.detail).not.toHaveProperty('key');
  });

  it('is told without what a session is named by, if that looks like a key', async () => {
    const denied = { session: `AROAEXAMPLE:${'1f0e9d8c'.repeat(4)}` };
    await announce({ ...EVENT, quarantine: { ...quarantine, denied } });
    expect(aws.events.taken[0]?.detail).toMatchObject({
      denied: { session: 'AROAEXAMPLE:[redacted]' },
    });
  });

  it('is told without whatever else comes with it', async () => {
    const more = { apiKey: 'k', denied: { ...quarantine.denied, apiKey: 'k' } };
    await announce({ ...EVENT, quarantine: { ...quarantine, ...more } });
    expect(JSON.stringify(aws.calls)).not.toContain('apiKey');
  });

  it('is an error where it is not taken, though the answer is none', async () => {
    aws.events.failure = { ErrorCode: 'ThrottlingException', ErrorMessage: '' };
    await expect(announce(EVENT)).rejects.toMatchObject({
      code: 'THROTTLED',
      message: expect.stringContaining('PutEvents of event Amplitude Reader Quarantined failed'),
    });
    expect(aws.events.taken).toEqual([]);
  });
});
