import { beforeEach, describe, expect, it } from 'vitest';
import { trail } from '../../../lambda/adapters/trail.ts';
import type { Transition } from '../../../lambda/domain/transition.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';

const GROUP = '/amplitude/dev/trail';
const line: Transition = {
  at: '2026-08-01T00:00:00.000Z',
  environment: 'dev',
  key: 'web',
  transition: 'promoted',
  by: 'rotation',
};
let aws: FakeAws;
const record = (...lines: Transition[]) =>
  trail(aws.clients.logs, GROUP, () => aws.clock.now()).record(lines);
const commands = () => aws.calls.map(({ command }) => command);

beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
});

describe('the audit trail', () => {
  it('takes lines in their order, also those about what happened months ago', async () => {
    aws.logs.seedGroup(GROUP);
    await record(line, { ...line, transition: 'retained' });
    expect(aws.logs.messagesOf(GROUP).map((text) => JSON.parse(text))).toEqual([
      line,
      { ...line, transition: 'retained' },
    ]);
  });

  it('makes its stream once', async () => {
    aws.logs.seedGroup(GROUP);
    await record(line);
    await record(line);
    expect(commands()).toEqual(['PutLogEvents', 'CreateLogStream', 'PutLogEvents', 'PutLogEvents']);
  });

  it('does not mind another function that made the stream meanwhile', async () => {
    aws.logs.seedGroup(GROUP);
    aws.faults.fail('CreateLogStream', {
      when: 'after',
      error: { name: 'ResourceAlreadyExistsException' },
    });
    await record(line);
    expect(aws.logs.messagesOf(GROUP)).toHaveLength(1);
  });

  it('is not bothered with nothing', async () => {
    await record();
    expect(commands()).toEqual([]);
  });

  it('whose group is missing is an error that names it', async () => {
    await expect(record(line)).rejects.toMatchObject({
      code: 'AWS_CALL_FAILED',
      message: expect.stringContaining(GROUP),
    });
  });
});
