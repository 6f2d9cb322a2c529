import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trailGroupName } from '../../../lambda/contract.ts';
import type { Transition } from '../../../lambda/domain/transition.ts';
import { Desk, FP, KEYS } from '../desk/desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  desk.dev.aws.logs.searchedAtOnce = 2;
});
afterEach(() => desk.close());

const GROUP = trailGroupName('dev');
const HISTORY = ['history', '--env', 'dev'];
const VERSION = '1a2b3c4d-1111-4222-8333-444455556666';

function write(at: string, more: Partial<Transition>) {
  const line = {
    at,
    environment: 'dev',
    key: 'web',
    transition: 'staged',
    by: 'operator',
    ...more,
  };
  writeText(at, JSON.stringify(line));
}

const writeText = (at: string, text: string) =>
  desk.dev.aws.logs.seedLine(GROUP, new Date(at), text);

/** The life of one key, in five lines, of which one was written twice. */
function writeLife() {
  const first = { fingerprint: FP.first, name: 'Web 2026-08', versionId: VERSION };
  write('2026-08-26T02:00:00Z', { fingerprint: FP.first, name: 'Web 2026-08' });
  write('2026-08-26T02:05:00Z', { ...first, transition: 'promoted', by: 'rotation' });
  const retained = { ...first, transition: 'retained', by: 'rotation' } as const;
  write('2026-10-24T02:00:00Z', { ...retained, detail: 'Readable until 2026-11-23.' });
  write('2026-10-24T02:00:09Z', { ...retained, detail: 'Readable until 2026-11-23.' });
  const by = 'lifecycle';
  write('2026-11-23T03:00:00Z', { ...first, transition: 'awaiting-revocation', by });
}

describe('history', () => {
  it('tells a life, newest last, over all pages, a repeated line once', async () => {
    writeLife();
    const { code, stdout } = await desk.keyctl(HISTORY, { columns: 120 });
    expect(code).toBe(0);
    expect(stdout).toContain('Audit trail of dev, account 111122223333, Region us-east-1');
    const words = [...stdout.matchAll(/^ {2}\d{4}-\d\d-\d\d \d\d:\d\d +web +(\S+)/gm)];
    expect(words.map(([, word]) => word)).toEqual([
      'staged',
      'promoted',
      'retained',
      'awaiting-revocation',
    ]);
    expect(stdout).toMatch(
      new RegExp(`02:00 +web +retained +${FP.first} +Web 2026-08 +rotation\\n +Readable until`),
    );
    expect(stdout).toContain('4 transitions; 1 repeated line left out.');
    expect(desk.calls.filter((call) => call === 'FilterLogEvents')).toHaveLength(3);
  });

  it.each([40, 60, 80])('stays within %i columns', async (columns) => {
    writeLife();
    const { stdout, said } = await desk.keyctl(HISTORY, { columns });
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(said).toContain('2026-11-23 03:00 web awaiting-revocation');
  });

  it('gives all of it as one JSON document, and says what was left out', async () => {
    writeLife();
    writeText('2026-11-24T00:00:00Z', 'no line of ours');
    const { code, lines, ...report } = await desk.json(HISTORY);
    expect(code).toBe(0);
    expect(report).toEqual({
      environment: 'dev',
      from: null,
      at: '2026-11-24T02:00:00.000Z',
      account: '111122223333',
      region: 'us-east-1',
      logGroup: '/amplitude/dev/trail',
      repeated: 1,
      malformed: 1,
    });
    expect(lines).toHaveLength(4);
    expect(lines[2]).toEqual({
      at: '2026-10-24T02:00:00.000Z',
      environment: 'dev',
      key: 'web',
      transition: 'retained',
      by: 'rotation',
      versionId: VERSION,
      fingerprint: FP.first,
      name: 'Web 2026-08',
      detail: 'Readable until 2026-11-23.',
    });
  });

  it('gives all of it as CSV, guarded against formulas, and nothing else on stdout', async () => {
    write('2026-11-24T01:00:00Z', { fingerprint: FP.second, name: '=HYPERLINK("x"), web' });
    const { code, stdout, stderr } = await desk.keyctl([...HISTORY, '--csv']);
    expect(code).toBe(0);
    expect(stdout).toBe(
      'at,environment,key,transition,by,versionId,fingerprint,name,detail\r\n' +
        `2026-11-24T01:00:00.000Z,dev,web,staged,operator,,${FP.second},"'=HYPERLINK(""x""), web",\r\n`,
    );
    expect(stderr).toContain('1 line read: 1 transition, 0 repeated, 0 not readable');
  });

  it('counts lines that are none and never prints them', async () => {
    write('2026-11-24T01:00:00Z', { name: `by hand ${KEYS.third}` });
    writeText('2026-11-24T01:30:00Z', `{"apiKey":"${KEYS.first}"}`);
    const { said } = await desk.keyctl(HISTORY);
    expect(said).toContain('Not readable: 1 line of log group /amplitude/dev/trail');
    expect(said).toContain('by hand [redacted]');
    expect(said).not.toContain('apiKey');
  });

  it.each([
    ['2026-11-23', ['awaiting-revocation']],
    ['2026-11-23T05:00:00+01:00', []],
    ['2026-11-23T03:00Z', ['awaiting-revocation']],
  ])('begins at --since %s', async (since, expected) => {
    writeLife();
    const { lines, from } = await desk.json([...HISTORY, '--since', since]);
    expect(lines.map(({ transition }: Transition) => transition)).toEqual(expected);
    expect(from).toBe(new Date(since).toISOString());
  });

  it('narrows to one key, also to one that left the configuration', async () => {
    writeLife();
    write('2026-11-24T01:00:00Z', { key: 'gone' });
    const { lines, key } = await desk.json([...HISTORY, '--key', 'gone']);
    expect(key).toBe('gone');
    expect(lines).toMatchObject([{ key: 'gone' }]);
  });

  it('says so plainly when there is nothing yet', async () => {
    const { code, said } = await desk.keyctl([...HISTORY, '--key', 'web', '--since', '2026-11-01']);
    expect(code).toBe(0);
    expect(said).toContain(
      'No transition is written down, key web, since 2026-11-01 00:00 UTC. The hourly sweep',
    );
    const empty = await desk.json(HISTORY);
    expect(empty).toMatchObject({ code: 0, lines: [], repeated: 0, malformed: 0 });
  });

  it.each([
    [['--json', '--csv'], 'Choose one of --json and --csv.'],
    [['--since', '2026-02-30'], '--since takes a day (2026-01-31)'],
    [['--since', '2026-11-24T02:00:00'], 'a time with its offset'],
    [['--since', 'yesterday'], '--since takes a day'],
    [['--key', 'wbe'], 'There is no key of dev "wbe". There are: web.'],
  ])('%j is wrong use', async (args, words) => {
    const { code, said } = await desk.keyctl([...HISTORY, ...args]);
    expect(code).toBe(2);
    expect(said).toContain(words);
  });

  it('says how to deploy a trail that is not there', async () => {
    const error = {
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    };
    desk.dev.aws.faults.fail('FilterLogEvents', { error });
    const { code, error: refusal } = await desk.json(HISTORY);
    expect({ code, error: refusal.code }).toEqual({ code: 1, error: 'NOT_DEPLOYED' });
    expect(refusal.message).toContain('npx cdk deploy AmplitudeKeys-dev');
  });

  it('names the policy to attach when it is denied', async () => {
    desk.dev.aws.faults.fail('FilterLogEvents', { error: 'access-denied' });
    const { code, error } = await desk.json(HISTORY);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'ACCESS_DENIED' });
    expect(error.message).toContain('FilterLogEvents of log group /amplitude/dev/trail');
    expect(error.message).toContain('AmplitudeKeys-dev-operator');
  });
});
