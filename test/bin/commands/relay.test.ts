import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { functionName, relayFailure } from '../../../lambda/contract.ts';
import { KEYS, NOW } from '../desk/desk.ts';
import { ANN, openRelayed, type Relayed } from '../desk/relayed.ts';

let relayed: Relayed;
beforeEach(async () => {
  relayed = await openRelayed();
});
afterEach(() => relayed.desk.close());

const STATUS = ['relay', 'status', '--env', 'prod'];
const INTAKE = functionName('prod', 'relay-intake');
const URL = 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com';

const status = (columns = 200) => relayed.desk.keyctl(STATUS, { columns });

describe('relay status', () => {
  it('shows where events are taken, how many wait, and what failed why and when', async () => {
    relayed.wait(1_200);
    relayed.wait(3, 10);
    relayed.queue.receive(200);
    relayed.fail('invalid_time', 7);
    relayed.fail('silenced', 15, 8);
    const { code, stdout } = await status();
    expect(code).toBe(0);
    expect(stdout).toContain('Relay of prod, account 111122223333, Region eu-west-1');
    expect(stdout).toContain(`Takes events at ${URL}\n`);
    expect(stdout).toContain(
      'Sends with key prod/server: handed events since 2026-11-24 02:00 UTC',
    );
    expect(stdout).toContain(
      'Waiting: about 1,203 events (200 being sent, or tried in vain and handed out again within 12 minutes, 3 there for less than 10 seconds, 1,000 to be sent)',
    );
    expect(stdout).toContain('Failed: about 22 events. Of 22 that were looked at, the oldest');
    expect(stdout).toContain('failed 2026-11-16 02:00 UTC (8 days ago)');
    expect(stdout).toMatch(/ {2}REASON +EVENTS\n {2}silenced +15\n {2}invalid_time +7\n/);
    expect(stdout).toContain('npx keyctl relay replay --env prod');
    expect(stdout).not.toContain(ANN);
  });

  it('tells programs all of it', async () => {
    relayed.wait(2);
    relayed.fail('silenced', 1, 8);
    const { code, ...report } = await relayed.desk.json(STATUS);
    expect(code).toBe(0);
    expect(report).toEqual({
      environment: 'prod',
      account: '111122223333',
      region: 'eu-west-1',
      at: NOW.toISOString(),
      key: 'server',
      url: URL,
      eventSourceMapping: { state: 'Enabled', since: NOW.toISOString() },
      waiting: { visible: 2, inFlight: 0, delayed: 0 },
      failed: { visible: 1, inFlight: 0, delayed: 0 },
      failures: {
        looked: 1,
        reasons: [{ reason: 'silenced', events: 1 }],
        oldestAt: '2026-11-16T02:00:00.000Z',
      },
      unreadable: [],
      todo: [expect.stringContaining('relay replay --env prod')],
    });
  });

  it('says that there is nothing to do where all is well, and looks at nothing', async () => {
    const { code, said } = await status();
    expect(code).toBe(0);
    expect(said).toContain('Waiting: no event Failed: no event Next: nothing.');
    expect(relayed.desk.calls).not.toContain('ReceiveMessage');
  });

  it('refuses another key than the one that the relay sends with', async () => {
    const { code, said } = await relayed.desk.keyctl([...STATUS, '--key', 'export']);
    expect(code).toBe(2);
    expect(said).toContain('The relay of prod sends with key server: leave --key out.');
    expect(relayed.desk.calls).toEqual([]);
  });

  it('fits 60 columns but for what is to be copied', async () => {
    relayed.wait(12);
    relayed.fail('unexplained', 3);
    const { stdout } = await status(60);
    const long = stdout.split('\n').filter((line) => line.length > 60);
    expect(long).toEqual([]);
  });

  it('looks at a hundred failed events at most, and lets them be seen again soon', async () => {
    relayed.fail('silenced', 130);
    const { said } = await status();
    expect(said).toContain('Failed: about 130 events. Of 100 that were looked at');
    expect(relayed.desk.calls.filter((call) => call === 'ReceiveMessage')).toHaveLength(10);
    const again = await relayed.desk.json(STATUS);
    expect(again.failures.looked).toBe(30);
    expect((await status()).said).toContain('None could be looked at now');
    relayed.desk.dev.aws.clock.advance(2_000);
    relayed.desk.prod.aws.clock.advance(2_000);
    expect((await relayed.desk.json(STATUS)).failures.looked).toBe(100);
  });

  it('says since when the relay is held back, and what lets it go on', async () => {
    const { lambda } = relayed.desk.prod.aws.clients;
    const off = new UpdateEventSourceMappingCommand({ UUID: relayed.mapping, Enabled: false });
    await lambda.send(off);
    const { code, said } = await status();
    expect(code).toBe(0);
    expect(said).toContain(
      'held back since 2026-11-24 02:00 UTC (just now), as Amplitude accepts no key',
    );
    expect(said).toContain(
      'npx keyctl stage --env prod --key server, then npx keyctl rotate --env prod --key server',
    );
  });

  it('tells of a move, and hides nothing from it', async () => {
    relayed.fail('silenced', 30);
    const { sqs } = relayed.desk.prod.aws.clients;
    await sqs.send(
      new StartMessageMoveTaskCommand({
        SourceArn: relayed.failed.arn,
        DestinationArn: relayed.queue.arn,
        MaxNumberOfMessagesPerSecond: 1,
      }),
    );
    relayed.desk.prod.aws.clock.advance(5_000);
    const { said } = await status();
    expect(said).toContain(
      'Failed: being moved back since 2026-11-24 02:00 UTC (just now), 5 of about 30 until now',
    );
    expect(said).toContain('Next: Follow the move: npx keyctl relay replay --env prod');
    expect(relayed.desk.calls).not.toContain('ReceiveMessage');
  });

  it('knows the reason of what SQS itself gave up, and none of a stranger', async () => {
    const message = (reason?: string) => ({
      body: '{}',
      attributes: reason
        ? { [relayFailure.reason]: { DataType: 'String', StringValue: reason } }
        : {},
    });
    relayed.failed.send(message());
    relayed.failed.send(message(`\u001b[2J${KEYS.first}`));
    const { failures } = await relayed.desk.json(STATUS);
    expect(failures).toEqual({
      looked: 2,
      reasons: [
        { reason: 'given_up', events: 1 },
        { reason: 'unknown', events: 1 },
      ],
      oldestAt: NOW.toISOString(),
    });
  });
});

describe('a part that can not be found out', () => {
  it.each([
    ['GetPolicy', 'url', 'GetPolicy of function amplitude-prod-relay-intake is denied'],
    ['ListEventSourceMappings', 'eventSourceMapping', 'ListEventSourceMappings of function'],
    ['ListMessageMoveTasks', 'move', "ListMessageMoveTasks of the relay's failed events"],
    ['ReceiveMessage', 'failures', "ReceiveMessage of the relay's failed events"],
  ])('%s: is told beside the rest', async (call, part, words) => {
    relayed.fail('silenced', 1);
    relayed.desk.prod.aws.faults.fail(call, { error: 'access-denied', times: 2 });
    const { code, unreadable, failed } = await relayed.desk.json(STATUS);
    expect(code).toBe(1);
    expect(unreadable).toEqual([
      { part, code: 'ACCESS_DENIED', message: expect.stringContaining(words) },
    ]);
    expect(failed.visible + failed.inFlight).toBe(1);
    const { code: again, said } = await status();
    expect({ again, said }).toEqual({ again: 1, said: expect.stringContaining(`(${part}):`) });
  });

  it.each(['GetQueueUrl', 'GetQueueAttributes'])('%s: nothing is told', async (call) => {
    relayed.desk.prod.aws.faults.fail(call, { error: 'throttled' });
    const { code, error } = await relayed.desk.json(STATUS);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'THROTTLED' });
  });

  it('is the address of a relay whose intake no API may invoke', async () => {
    relayed.desk.prod.aws.lambda.policies.set(INTAKE, '{"Statement":[]}');
    const { code, said } = await status();
    expect(code).toBe(1);
    expect(said).toContain(`No API may invoke function ${INTAKE}`);
    relayed.desk.prod.aws.lambda.policies.delete(INTAKE);
    expect((await status()).said).toContain('The relay of prod is not deployed');
  });
});

describe.each(['status', 'replay', 'token'])('relay %s', (member) => {
  it('of an environment without a relay is refused before anything is asked', async () => {
    const { code, error } = await relayed.desk.json(['relay', member, '--env', 'dev']);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'RELAY_NOT_CONFIGURED' });
    expect(error.message).toContain('Environment dev has no relay.');
    expect(error.message).toContain('npx cdk deploy AmplitudeKeys-dev');
    expect(relayed.desk.calls).toEqual([]);
  });

  it('of one that is not deployed says how to', async () => {
    const { desk } = relayed;
    desk.environments.dev = { ...desk.environments.dev, relay: { key: 'web' } };
    const { code, error } = await desk.json(['relay', member, '--env', 'dev']);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'NOT_DEPLOYED' });
    expect(error.message).toContain('The relay of dev is not deployed');
  });

  it('has help with examples, and knows no argument', async () => {
    const { code, stdout } = await relayed.desk.keyctl(['relay', member, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`npx keyctl relay ${member} --env prod`);
    const wrong = await relayed.desk.keyctl(['relay', member, KEYS.first, '--env', 'prod']);
    expect(wrong.code).toBe(2);
    expect(wrong.said).toContain('Commands take options only, no argument.');
  });

  it('says which environments there are', async () => {
    const { code, said } = await relayed.desk.keyctl(['relay', member]);
    expect(code).toBe(2);
    expect(said).toContain('Say which environment: --env <name>. There are: dev, prod.');
  });
});
