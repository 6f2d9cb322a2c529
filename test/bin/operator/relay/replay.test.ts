import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { CancelMessageMoveTaskCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../desk/fake-terminal.ts';
import { ANN, openRelayed, type Relayed } from '../../desk/relayed.ts';

let relayed: Relayed;
beforeEach(async () => {
  relayed = await openRelayed();
});
afterEach(() => relayed.desk.close());

const REPLAY = ['relay', 'replay', '--env', 'prod'];
const replay = (person: Person = {}, ...more: string[]) =>
  relayed.desk.keyctl([...REPLAY, ...more], { columns: 200, ...person });
const aws = () => relayed.desk.prod.aws;
const countOf = (call: string) => relayed.desk.calls.filter((each) => each === call).length;

/** As somebody else does it, in the console. */
async function startElsewhere(more: { perSecond?: number; to?: string | undefined } = {}) {
  const { perSecond, to } = { to: relayed.queue.arn, ...more };
  const { TaskHandle } = await aws().clients.sqs.send(
    new StartMessageMoveTaskCommand({
      SourceArn: relayed.failed.arn,
      ...(to ? { DestinationArn: to } : {}),
      ...(perSecond ? { MaxNumberOfMessagesPerSecond: perSecond } : {}),
    }),
  );
  return TaskHandle ?? '';
}

describe('relay replay', () => {
  it('moves what failed back, follows it, and asks nothing within a week', async () => {
    relayed.fail('silenced', 22);
    const { code, said, stderr, questions } = await replay({ interactive: true });
    expect({ code, questions }).toEqual({ code: 0, questions: [] });
    expect(stderr).toBe(
      'Moving the failed events of prod back\nMoved 0 of about 22\nMoved 22 of about 22\nDone\n',
    );
    expect(said).toContain('22 failed events of prod were moved back. The relay sends them within');
    expect(said).not.toContain(ANN);
    const sizes = [relayed.failed, relayed.queue].map(({ messages }) => messages.length);
    expect(sizes).toEqual([0, 22]);
  });

  it('tells programs all of it', async () => {
    relayed.fail('silenced', 1);
    const { code, ...report } = await relayed.desk.json(REPLAY);
    expect(code).toBe(0);
    expect(report).toEqual({
      environment: 'prod',
      queue: relayed.queue.arn,
      move: {
        state: 'COMPLETED',
        moved: 1,
        toMove: 1,
        startedAt: '2026-11-24T02:00:02.000Z',
        to: relayed.queue.arn,
      },
      age: 'within a week',
      oldestAt: '2026-11-23T02:00:00.000Z',
      eventSourceMapping: { state: 'Enabled', since: '2026-11-24T02:00:00.000Z' },
    });
  });

  it('says so when nothing failed', async () => {
    const { code, said } = await replay();
    expect(code).toBe(0);
    expect(said).toContain('No event of prod has failed, so there is nothing to move.');
    expect(countOf('StartMessageMoveTask')).toBe(0);
  });

  it('says that they wait with the others while the relay is held back', async () => {
    relayed.fail('silenced', 1);
    const off = new UpdateEventSourceMappingCommand({ UUID: relayed.mapping, Enabled: false });
    await aws().clients.lambda.send(off);
    expect((await replay()).said).toContain(
      'The relay is held back, so they wait with the others: npx keyctl relay status --env prod',
    );
  });

  it('is done too where it can not be told whether the relay is held back', async () => {
    relayed.fail('silenced', 1);
    aws().faults.fail('ListEventSourceMappings', { error: 'throttled' });
    const { code, eventSourceMapping, move } = await relayed.desk.json(REPLAY);
    expect({ code, eventSourceMapping, moved: move.moved }).toEqual({
      code: 0,
      eventSourceMapping: undefined,
      moved: 1,
    });
  });
});

describe('before events that may be older than a week', () => {
  const person = { interactive: true, confirms: true };
  const question =
    'Move the failed events of prod back all the same? (account 111122223333, Region eu-west-1)';

  it('it warns and asks', async () => {
    relayed.fail('silenced', 2, 8);
    const { code, stderr, questions } = await replay(person);
    expect({ code, questions }).toEqual({ code: 0, questions: [question] });
    expect(stderr).toContain('Warning: the oldest failed 2026-11-16 02:00 UTC (8 days ago).');
    expect(stderr).toContain('would count twice');
  });

  it('it asks too where not all were looked at', async () => {
    relayed.fail('silenced', 120);
    const { stderr, questions } = await replay(person);
    expect(questions).toEqual([question]);
    expect(stderr).toContain('Warning: 100 of about 120 were looked at, so some may have failed');
    expect(relayed.failed.messages).toEqual([]);
  });

  it('it leaves them where they are after a no', async () => {
    relayed.fail('silenced', 2, 8);
    const { code, said } = await replay({ ...person, confirms: false });
    expect(code).toBe(1);
    expect(said).toContain('Cancelled; nothing was changed. [CANCELLED]');
    expect(countOf('StartMessageMoveTask')).toBe(0);
  });

  it('it asks nothing with --yes and no program, and warns all the same', async () => {
    for (const [more, interactive] of [
      [['--yes'], true],
      [[], false],
    ] as const) {
      relayed.fail('silenced', 2, 8);
      const { code, stderr, questions } = await replay({ interactive }, ...more);
      expect({ code, questions }).toEqual({ code: 0, questions: [] });
      expect(stderr).toContain('Warning:');
    }
  });
});

describe('a move that is under way', () => {
  it('is followed, and no other begun', async () => {
    relayed.fail('silenced', 30, 8);
    await startElsewhere({ perSecond: 5 });
    const { code, said, questions } = await replay({ interactive: true });
    expect({ code, questions }).toEqual({ code: 0, questions: [] });
    expect(said).toContain('30 failed events of prod were moved back by a move that was under way');
    expect(countOf('StartMessageMoveTask')).toBe(0);
  });

  it('and was begun since the look is followed', async () => {
    relayed.fail('silenced', 30);
    aws().onCall = async ({ command }) => {
      if (command !== 'StartMessageMoveTask') return;
      aws().onCall = undefined;
      await startElsewhere();
    };
    const { code, said } = await replay();
    expect(code).toBe(0);
    expect(said).toContain('30 failed events of prod were moved back.');
  });

  it('and leads elsewhere is told so', async () => {
    relayed.fail('silenced', 2);
    const { arn } = aws().sqs.seedQueue('elsewhere');
    await startElsewhere({ to: arn });
    const { code, said } = await replay();
    expect(code).toBe(0);
    expect(said).toContain(`another queue than the relay's, where nothing sends them: ${arn}`);
  });

  it('is left to itself after ten minutes', async () => {
    relayed.fail('silenced', 700);
    await startElsewhere({ perSecond: 1 });
    const { code, said } = await replay();
    expect(code).toBe(1);
    expect(said).toContain(
      "The move isn't over after 10 minutes. It goes on by itself; follow it: npx keyctl relay replay --env prod [RELAY_MOVE_UNFINISHED]",
    );
  });

  it('and is cancelled by somebody is told, with what it moved', async () => {
    relayed.fail('silenced', 30);
    const TaskHandle = await startElsewhere({ perSecond: 5 });
    let looks = 0;
    aws().onCall = async ({ command }) => {
      if (command !== 'ListMessageMoveTasks') return;
      looks += 1;
      if (looks !== 3) return;
      aws().onCall = undefined;
      await aws().clients.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    };
    const { code, said } = await replay();
    expect(code).toBe(1);
    expect(said).toContain('The move was cancelled after 10 events; none is lost');
    expect(said).toContain('[RELAY_MOVE_FAILED]');
  });

  it("and fails is told with SQS's own word", async () => {
    relayed.fail('silenced', 3);
    await startElsewhere({ to: undefined });
    const { code, said } = await replay();
    expect(code).toBe(1);
    expect(said).toContain('The move failed (CouldNotDetermineMessageSource) after 0 events');
    // What the move had received by then.
    for (const { clock } of [aws(), relayed.desk.dev.aws]) clock.advance(30_000);
    expect((await replay()).said).toContain('3 failed events of prod were moved back.');
  });
});

describe('a call that fails', () => {
  it('after a move was begun by it, is as good as one that was answered', async () => {
    relayed.fail('silenced', 3);
    aws().faults.fail('StartMessageMoveTask', { error: 'timeout', when: 'after' });
    const { code, said } = await replay();
    expect(code).toBe(0);
    expect(said).toContain('3 failed events of prod were moved back.');
  });

  it.each(['GetQueueUrl', 'ListMessageMoveTasks', 'ReceiveMessage', 'StartMessageMoveTask'])(
    '%s: nothing is moved, and the next try moves all',
    async (call) => {
      relayed.fail('silenced', 3);
      aws().faults.fail(call, { error: 'access-denied' });
      const { code, error } = await relayed.desk.json(REPLAY);
      expect({ code, error: error.code }).toEqual({ code: 1, error: 'ACCESS_DENIED' });
      expect(error.message).toContain('Attach the policy AmplitudeKeys-prod-operator');
      expect(relayed.queue.messages).toEqual([]);
      for (const { clock } of [aws(), relayed.desk.dev.aws]) clock.advance(2_000);
      expect((await replay()).said).toContain('3 failed events of prod were moved back.');
    },
  );

  it('while a move is followed says that it goes on', async () => {
    relayed.fail('silenced', 3);
    aws().faults.fail('ListMessageMoveTasks', { error: 'throttled', nth: 2 });
    const { code, said } = await replay();
    expect(code).toBe(1);
    expect(said).toContain('The move was begun, and then: ListMessageMoveTasks of');
    expect(said).toContain('It goes on by itself; follow it: npx keyctl relay replay --env prod');
    expect((await replay()).said).toContain('3 failed events of prod were moved back by a move');
  });
});
