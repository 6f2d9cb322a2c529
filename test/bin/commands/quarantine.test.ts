import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quarantineTable } from '../../../lambda/adapters/quarantine-table.ts';
import { guardTableName } from '../../../lambda/contract.ts';
import { createWorld, type World } from '../../lambda/world.ts';
import { Desk, KEYS } from '../desk/desk.ts';
import {
  asked,
  emergencyAnswers,
  quarantinesAnswer,
  refusal,
} from '../desk/emergency-functions.ts';
import { INTERN, quarantines, released } from '../terminal/quarantine-reports.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  quarantinesAnswer(desk.prod, quarantines());
  emergencyAnswers(desk.prod, released());
});
afterEach(() => desk.close());

const LIST = ['quarantine', 'list', '--env', 'prod'];
const RELEASE = ['quarantine', 'release', INTERN.id, '--env', 'prod'];
const WHY = ['--reason', 'our new office'];

describe('quarantine list', () => {
  it('shows who is denied the keys, and what is', async () => {
    const { code, stdout } = await desk.keyctl(LIST, { columns: 160 });
    expect(code).toBe(0);
    expect(stdout).toContain('Quarantines of prod, account 111122223333, Region eu-west-1');
    expect(stdout).toContain('  0123abcd  role/intern, risk 97\n');
    expect(stdout).toContain('  4567cdef  role/shop, risk 71\n');
    expect(asked(desk.prod, 'quarantines')).toEqual([{ action: 'quarantines' }]);
  });

  it('tells programs all of it', async () => {
    const { code, ...report } = await desk.json(LIST);
    expect(code).toBe(0);
    expect(report).toEqual({ ...quarantines(), account: '111122223333', region: 'eu-west-1' });
  });

  it('ends with 0 and says so when nobody is', async () => {
    quarantinesAnswer(desk.prod, quarantines({ quarantines: [] }));
    const { code, said } = await desk.keyctl(LIST);
    expect(code).toBe(0);
    expect(said).toContain('Nobody is quarantined.');
  });

  it('shows nothing of the shape of a key, and moves no cursor', async () => {
    const reasons = [`agent \u001b[2J${KEYS.first}`];
    const denied = { session: `AROAEXAMPLE:${KEYS.first}` };
    quarantinesAnswer(desk.prod, quarantines({ quarantines: [{ ...INTERN, reasons, denied }] }));
    const { said } = await desk.keyctl(LIST, { columns: 160 });
    expect(said).toContain('session AROAEXAMPLE:[redacted]');
    expect(said).not.toContain('\u001b');
  });

  it("passes the function's failures on", async () => {
    quarantinesAnswer(desk.prod, refusal('THROTTLED', 'DynamoDB throttles.'));
    const { code, error } = await desk.json(LIST);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'THROTTLED' });
  });

  it('says when the function is of another version', async () => {
    quarantinesAnswer(desk.prod, refusal('EVENT_MALFORMED', 'The payload is one of …'));
    const { code, said } = await desk.keyctl(LIST);
    expect(code).toBe(1);
    expect(said).toContain('[EVENT_MALFORMED]');
  });
});

describe('quarantine release', () => {
  it('ends it, and says what is no longer denied and what for afterwards', async () => {
    const { code, said } = await desk.keyctl([...RELEASE, ...WHY]);
    expect(code).toBe(0);
    expect(said).toContain('Quarantine 0123abcd of prod, ended 2026-11-24 02:00 UTC');
    expect(said).toContain('Reason: our new office');
    expect(said).toContain('Released: role/intern, as far as it is granted a key.');
    expect(said).toContain('session AROAEXAMPLEINTERN0000:laptop, address 198.51.100.23');
    expect(said).toContain("doesn't begin again before 2026-11-25 00:00 UTC");
    expect(asked(desk.prod, 'release')).toEqual([
      { action: 'release', quarantine: INTERN.id, reason: 'our new office' },
    ]);
  });

  it('ends with 1 where a key still denies, and says who goes on with it', async () => {
    const left = ['server: TagResource of amplitude/prod/server failed: AWS throttles it.'];
    emergencyAnswers(desk.prod, released({ left }));
    const { code, said } = await desk.keyctl([...RELEASE, ...WHY], { columns: 200 });
    expect(code).toBe(1);
    expect(said).toContain(`Still denied, until the hourly sweep takes it off: - ${left[0]}`);
  });

  it.each([
    [{}, '. No longer denied: principal'],
    [{ left: ['server: why'] }, '. No longer denied, but for what follows: principal'],
    [{ stillDeniedBy: ['4567cdef'] }, '. No longer denied, but for what follows: principal'],
  ])('calls nothing released that is still denied: %j', async (more, words) => {
    emergencyAnswers(desk.prod, released(more));
    const { said } = await desk.keyctl([...RELEASE, ...WHY], { columns: 200 });
    expect(said).toContain(words);
  });

  it.each([
    [{ stillDeniedBy: ['4567cdef'] }, 0, 'Some of it is still denied: - by quarantine 4567cdef'],
    [{ untold: ['Publish failed.'] }, 1, 'Not told, which the same command does again: - Publish'],
  ])('says what else is left: %j', async (more, expected, words) => {
    emergencyAnswers(desk.prod, released(more));
    const { code, said } = await desk.keyctl([...RELEASE, ...WHY], { columns: 200 });
    expect(code).toBe(expected);
    expect(said).toContain(words);
  });

  it('tells programs all of it', async () => {
    const { code, ...report } = await desk.json([...RELEASE, ...WHY]);
    expect(code).toBe(0);
    expect(report).toEqual(released());
  });

  it('asks a person first, by default for a reason too', async () => {
    const person = { interactive: true, confirms: false, name: 'our new office' };
    const { code, questions, said } = await desk.keyctl(RELEASE, person);
    expect(code).toBe(1);
    expect(questions).toEqual([
      'Why? It goes into the audit trail',
      'End quarantine 0123abcd of prod? (account 111122223333, Region eu-west-1)',
    ]);
    expect(said).toContain('Cancelled; nothing was changed. [CANCELLED]');
    expect(desk.calls).not.toContain('Invoke');
  });

  it('asks nothing with --yes', async () => {
    const person = { interactive: true, confirms: false };
    const { code, questions } = await desk.keyctl([...RELEASE, ...WHY, '--yes'], person);
    expect({ code, questions }).toEqual({ code: 0, questions: [] });
  });

  it.each([
    [['quarantine', 'release', '--env', 'prod', ...WHY], 'Name one quarantine, by its id'],
    [[...RELEASE, '4567cdef', ...WHY], 'Name one quarantine, by its id'],
    [['quarantine', 'release', 'intern', '--env', 'prod', ...WHY], 'is 8 hex digits'],
    [['quarantine', 'release', INTERN.id, ...WHY], 'Say which environment'],
    [RELEASE, 'Say why, for the audit trail'],
    [[...RELEASE, '--dry-run', ...WHY], 'There is no option "--dry-run"'],
    [
      ['quarantine', 'release', KEYS.first, '--env', 'prod', ...WHY],
      'The argument looks like a key',
    ],
    [[...RELEASE, '--reason', `was ${KEYS.first}`], 'looks as if a key were in it'],
  ])('%j is wrong use', async (args, words) => {
    const { code, said } = await desk.keyctl(args);
    expect(code).toBe(2);
    expect(said).toContain(words);
    expect(desk.calls).toEqual([]);
  });

  it('names those that there are when there is none of that id', async () => {
    const message =
      'There is no quarantine 0123abcd in environment prod; nothing was changed. There are: 4567cdef (x).';
    emergencyAnswers(desk.prod, refusal('QUARANTINE_NOT_FOUND', message));
    const { code, error } = await desk.json([...RELEASE, ...WHY]);
    expect({ code, error }).toEqual({ code: 1, error: { code: 'QUARANTINE_NOT_FOUND', message } });
  });

  it('takes the role of a responder', async () => {
    desk.prod.aws.faults.fail('Invoke', { error: 'access-denied' });
    const { code, error } = await desk.json([...RELEASE, ...WHY]);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'ACCESS_DENIED' });
    expect(error.message).toContain(
      'Invoke of function amplitude-prod-emergency is denied to arn:aws:sts::111122223333:assumed-role/operator/ann. Whoever acts in an emergency does so as role AmplitudeKeys-prod-responder',
    );
  });

  it('says how to find out whether it acted when no answer came', async () => {
    emergencyAnswers(desk.prod, Object.assign(new Error('x'), { name: 'Error' }));
    const { code, error } = await desk.json([...RELEASE, ...WHY]);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'FUNCTION_FAILED' });
    expect(error.message).toContain(
      'It may have acted. Run the same command again: it goes on, and does nothing twice. See who is quarantined: npx keyctl quarantine list --env prod.',
    );
  });
});

describe('with what the functions really answer', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld({ guard: { answer: 'quarantine' } });
    const { functions } = desk.prod.aws;
    functions.set('amplitude-prod-inspect', world.inspectHandler);
    functions.set('amplitude-prod-emergency', world.emergencyHandler);
  });
  afterEach(() => world.close());

  it('both commands show it, and a second release is no other', async () => {
    const table = quarantineTable(world.aws.clients.dynamoDb, guardTableName('dev'));
    await table.change([{ ...INTERN, isAnnounced: true, slot: 1 }], 0);
    const before = await desk.keyctl(LIST, { columns: 160 });
    expect(before.code).toBe(0);
    expect(before.stdout).toContain('  0123abcd  role/intern, risk 97\n');
    expect(before.stdout).toContain('Not done yet: web.');
    for (const _ of ['once', 'again']) {
      const { code, said } = await desk.keyctl([...RELEASE, ...WHY]);
      expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('Released:') });
    }
    expect((await desk.keyctl(LIST)).said).toContain('Nobody is quarantined.');
    const unknown = await desk.json(['quarantine', 'release', '4567cdef', '--env', 'prod', ...WHY]);
    expect(unknown).toMatchObject({ code: 1, error: { code: 'QUARANTINE_NOT_FOUND' } });
  });
});
