import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trailGroupName } from '../../../lambda/contract.ts';
import { Desk, FP, KEYS } from '../desk/desk.ts';
import { asked, assessAnswers, emergencyAnswers, refusal } from '../desk/emergency-functions.ts';
import { assessment, emergency, LEAKED, TRUTH } from '../terminal/emergency-reports.ts';

let desk: Desk;
let folder: string;
beforeEach(async () => {
  desk = await Desk.open();
  folder = await mkdtemp(join(tmpdir(), 'incident-'));
  emergencyAnswers(desk.prod, REPORT);
  assessAnswers(desk.prod, assessment());
});
afterEach(async () => {
  await desk.close();
  await rm(folder, { recursive: true });
});

const ARGS = ['revoke', '--env', 'prod', '--key', 'server'];
const REVOKE = [...ARGS, '--reason', 'leaked in a public repo'];
const REPORT = emergency({ leaked: { ...LEAKED, fingerprint: FP.prod } });
const PERSON = { interactive: true, confirms: true };
const nobodyAsked = () => expect(desk.calls).toEqual([]);
const acted = () => asked(desk.prod, 'revoke').length;

describe('revoke', () => {
  it('tells the truth first, what was done, who read it, and last what is left', async () => {
    const { code, stdout } = await desk.keyctl(REVOKE, { columns: 200 });
    expect(code).toBe(0);
    expect(stdout.startsWith(TRUTH)).toBe(true);
    const parts = ['Revocation of prod/server', 'Done', 'Risk: HIGH', 'Left for you'];
    const places = parts.map((part) => stdout.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(stdout.trimEnd().split('\n').at(-1)).toContain('3. The hourly sweep asks Amplitude');
  });

  it('tells the truth as progress at once, before it assesses', async () => {
    const { stderr } = await desk.keyctl(REVOKE);
    expect(stderr.indexOf('Revoking: prod/server')).toBe(0);
    expect(stderr.indexOf(TRUTH)).toBeGreaterThan(0);
    expect(stderr.indexOf(TRUTH)).toBeLessThan(stderr.indexOf('Finding out who read it'));
  });

  it('asks for the current key, with the reason and who calls', async () => {
    await desk.keyctl(REVOKE);
    const [payload] = desk.prod.aws.lambda.payloads;
    expect(payload).toEqual({
      action: 'revoke',
      key: 'server',
      reason: 'leaked in a public repo',
      dryRun: false,
      caller: desk.identity.Arn,
    });
  });

  it('is not held up by a grant that ended and is still in the file', async () => {
    const consumers = [
      { role: 'arn:aws:iam::111122223333:role/web', purpose: 'events', expires: '2026-01-01' },
    ];
    const { prod } = desk.environments;
    desk.environments.prod = { ...prod, keyDefaults: { consumers } };
    const { code } = await desk.keyctl(REVOKE);
    expect(code).toBe(0);
    expect(acted()).toBe(1);
  });

  it('assesses the version that leaked, not the one that is current now', async () => {
    await desk.keyctl([...REVOKE, '--hours', '24']);
    const expected = { action: 'assess', key: 'server', hours: 24, version: LEAKED.versionId };
    expect(asked(desk.prod, 'assess')).toEqual([expected]);
  });

  it('asks Amplitude once about the leaked key, and says who proves the end', async () => {
    const { said } = await desk.keyctl(REVOKE, { columns: 200 });
    expect(said).toContain('Amplitude on the leaked key: accepted. Amplitude knows this key');
    expect(said).toContain("Proof of the end is the hourly sweep's");
    expect(asked(desk.prod, 'verify')).toHaveLength(1);
  });

  it('gives all of it as one JSON document', async () => {
    const { code, truth, assessment, check } = await desk.json(REVOKE);
    expect({ code, truth }).toEqual({ code: 0, truth: REPORT.truth });
    expect(assessment.risk.level).toBe('high');
    expect(check).toMatchObject({ fingerprint: FP.prod, verdict: 'accepted' });
  });

  it('is done although it can be neither assessed nor checked, and says how to do that', async () => {
    desk.prod.aws.functions.delete('amplitude-prod-inspect');
    const { code, said } = await desk.keyctl(REVOKE);
    expect(code).toBe(0);
    expect(said).toContain('Not assessed: Environment prod is not deployed');
    expect(said).toContain(
      `npx keyctl assess --env prod --key server --version ${LEAKED.versionId}`,
    );
    expect(said).toContain('Amplitude could not be asked:');
    expect(said).toContain('Left for you');
  });

  it('ends with 1 when a step failed', async () => {
    const plan = [{ what: 'Promote the standby key', failed: 'AWS throttles it.' }];
    emergencyAnswers(desk.prod, emergency({ plan }));
    const { code, said } = await desk.keyctl(REVOKE);
    expect(code).toBe(1);
    expect(said).toContain('FAILED Promote the standby key AWS throttles it.');
  });

  it("passes the function's refusals on", async () => {
    emergencyAnswers(desk.prod, refusal('VERSION_UNKNOWN', 'Key prod/server has no version "x".'));
    const { code, error } = await desk.json([...REVOKE, '--version', 'previous']);
    expect(code).toBe(1);
    expect(error).toEqual({
      code: 'VERSION_UNKNOWN',
      message: 'Key prod/server has no version "x".',
    });
  });

  it('takes the id of a version that a function put', async () => {
    const version = 'ab'.repeat(32);
    await desk.keyctl([...REVOKE, '--version', version]);
    expect(asked(desk.prod, 'revoke')).toMatchObject([{ version }]);
  });
});

describe('revoke --dry-run', () => {
  it('shows the plan, needs no reason, asks nobody and assesses nothing', async () => {
    const plan = [{ what: 'Mark the leaked key as compromised' }];
    emergencyAnswers(desk.prod, emergency({ dryRun: true, plan }));
    const { code, said, questions } = await desk.keyctl([...ARGS, '--dry-run'], PERSON);
    expect(code).toBe(0);
    expect(said).toContain('nothing was changed');
    expect(said).toContain('Plan 1. Mark the leaked key as compromised');
    expect(questions).toEqual([]);
    expect(asked(desk.prod, 'revoke')).toMatchObject([{ dryRun: true }]);
    expect(asked(desk.prod, 'assess')).toEqual([]);
  });

  it('with nothing staged tells the plan and what it lacks, also on a terminal', async () => {
    const plan = [
      { what: 'Mark the leaked key as compromised' },
      { what: 'Promote a standby key', failed: 'No key is staged (NOTHING_STAGED)' },
    ];
    emergencyAnswers(desk.prod, emergency({ dryRun: true, plan }));
    const { code, said, questions } = await desk.keyctl([...ARGS, '--dry-run'], PERSON);
    expect({ code, questions }).toEqual({ code: 1, questions: [] });
    expect(said).toContain('as things stand not all of it can be done');
    expect(said).toContain('No key is staged (NOTHING_STAGED)');
  });
});

describe('before revoke acts', () => {
  it.each([
    [ARGS, 'Say why, for the audit trail: --reason'],
    [[...ARGS, '--reason', ' '], 'A reason is 1 to 200 characters on one line'],
    [[...ARGS, '--reason', 'a\nb'], 'A reason is 1 to 200 characters on one line'],
    [[...ARGS, '--reason', 'x'.repeat(201)], 'A reason is 1 to 200 characters on one line'],
    [[...ARGS, '--reason', `found ${KEYS.prod} in a log`], 'treat it as leaked'],
    [[...REVOKE, '--version', 'a key'], '--version takes current, previous, staged'],
    [[...REVOKE, '--version', `server-${KEYS.prod}`], '--version takes current, previous, staged'],
    [[...REVOKE, '--hours', '0'], '--hours takes a whole number from 1 to 2160'],
    [[...REVOKE, '--hours', '2161'], '--hours takes a whole number from 1 to 2160'],
    [[...REVOKE, '--hours', '1.5'], '--hours takes a whole number from 1 to 2160'],
    [[...REVOKE, '--dry-run', '--report', 'x.md'], 'no incident to report'],
    [['revoke', '--env', 'prod', '--reason', 'leaked'], 'Say which key of prod'],
  ])('%j is wrong use', async (args, words) => {
    const { code, said } = await desk.keyctl(args);
    expect(code).toBe(2);
    expect(said).toContain(words);
    nobodyAsked();
  });

  it('a terminal asks why, and whether it is meant', async () => {
    const { code, questions } = await desk.keyctl(ARGS, { ...PERSON, name: 'in a log' });
    expect(code).toBe(0);
    expect(questions).toEqual([
      'Why? It goes into the audit trail',
      'Revoke the current key of prod/server now? (account 111122223333, Region eu-west-1)',
    ]);
    expect(asked(desk.prod, 'revoke')).toMatchObject([{ reason: 'in a log' }]);
  });

  it.each([false, undefined])('it acts on nothing but yes (%s)', async (confirms) => {
    const person = { interactive: true, ...(confirms === undefined ? {} : { confirms }) };
    const { code, error } = await desk.json(REVOKE, person);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'CANCELLED' });
    expect(acted()).toBe(0);
  });

  it.each([
    ['--yes on a terminal', [...REVOKE, '--yes'], { interactive: true }],
    ['no terminal', REVOKE, {}],
  ])('it asks nothing with %s', async (_, args, person) => {
    const { code, questions } = await desk.keyctl(args, person);
    expect({ code, questions }).toEqual({ code: 0, questions: [] });
  });
});

describe('revoke with nothing staged', () => {
  beforeEach(() => {
    desk.amplitude.generate(KEYS.second);
    emergencyAnswers(desk.prod, refusal('NOTHING_STAGED'), REPORT);
  });

  const TYPES = { ...PERSON, name: 'Server 2026-11', key: KEYS.second };

  it('takes the next key on a terminal, hidden, stages it and goes on', async () => {
    const { code, said, questions } = await desk.keyctl(REVOKE, TYPES);
    expect(code).toBe(0);
    expect(said).toContain('No key is staged for prod/server');
    expect(questions.slice(1)).toEqual([
      "Name of the key in Amplitude's UI",
      'Key for prod/server',
    ]);
    expect(desk.prod.staged('server', KEYS.second)?.name).toBe('Server 2026-11');
    expect(acted()).toBe(2);
  });

  it.each([
    ['the leaked key itself', { ...TYPES, key: KEYS.prod }, 'KEY_IN_USE_HERE'],
    ['a key of another environment', { ...TYPES, key: KEYS.first }, 'KEY_IN_USE_ELSEWHERE'],
    ['a key that Amplitude rejects', { ...TYPES, key: KEYS.third }, 'KEY_REJECTED'],
    ['nothing', { ...TYPES, key: undefined }, 'CANCELLED'],
  ])('refuses %s, and says that the leaked key is still current', async (_, person, expected) => {
    const { code, error } = await desk.json(REVOKE, person);
    expect({ code, error: error.code }).toEqual({ code: 1, error: expected });
    expect(error.message).toContain('The leaked key is still the current one of prod/server');
    expect(acted()).toBe(1);
  });

  it('without a terminal offers two choices', async () => {
    const { code, error } = await desk.json(REVOKE);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'NOTHING_STAGED' });
    expect(error.message).toContain('npx keyctl stage --env prod --key server');
    expect(error.message).toContain('npx keyctl lockdown --env prod --key server --reason "…"');
    expect(desk.calls).not.toContain('PutParameter');
  });
});

describe('revoke while Amplitude gives no answer', () => {
  const UNKNOWN = refusal('VERDICT_UNKNOWN', 'Amplitude throttles us.');

  it('asks again until it answers, and tells so', async () => {
    emergencyAnswers(desk.prod, UNKNOWN, UNKNOWN, REPORT);
    const { code, stderr } = await desk.keyctl(REVOKE);
    expect(code).toBe(0);
    expect(stderr.match(/gives no clear answer; asking again every 10 s/g)).toHaveLength(2);
  });

  it('ends after a while with the state it is in', async () => {
    emergencyAnswers(desk.prod, UNKNOWN);
    const { code, error } = await desk.json(REVOKE);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'VERDICT_UNKNOWN' });
    expect(error.message).toBe(
      `Amplitude throttles us. Key ${FP.prod} is still the current one, not marked as compromised, and its consumers can still read it; to deny that meanwhile: npx keyctl lockdown --env prod --key server --reason "…". Run the same command again once Amplitude answers: it goes on, and does nothing twice.`,
    );
    expect(acted()).toBe(13);
  });

  it('says so when the state can not be told either', async () => {
    emergencyAnswers(desk.prod, UNKNOWN);
    desk.prod.aws.functions.delete('amplitude-prod-inspect');
    const { error } = await desk.json(REVOKE);
    expect(error.message).toContain("Its state can't be told now (NOT_DEPLOYED)");
  });

  it('asks once for a plan', async () => {
    emergencyAnswers(desk.prod, UNKNOWN);
    const { code } = await desk.keyctl([...ARGS, '--dry-run']);
    expect(code).toBe(1);
    expect(acted()).toBe(1);
  });
});

describe('revoke --report', () => {
  const at = (name: string) => join(folder, name);

  it('writes the incident for its owner only, with lines of the audit trail', async () => {
    const line = { environment: 'prod', key: 'server', transition: 'compromised', by: 'emergency' };
    const time = '2026-11-24T01:59:00.000Z';
    const message = JSON.stringify({ at: time, ...line, fingerprint: FP.prod });
    desk.prod.aws.logs.seedLine(trailGroupName('prod'), new Date(time), message);
    const { code, stdout } = await desk.keyctl([...REVOKE, '--report', at('leak.md')]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Report: ${at('leak.md')}`);
    expect((await stat(at('leak.md'))).mode & 0o777).toBe(0o600);
    const text = await readFile(at('leak.md'), 'utf8');
    expect(text).toContain('# Incident: Amplitude key prod/server, 2026-11-24');
    expect(text).toContain('| Declared | 2026-11-24 01:59:00 |');
  });

  it('refuses a file that exists before it acts, and leaves it alone', async () => {
    await writeFile(at('leak.md'), 'of yesterday');
    const { code, error } = await desk.json([...REVOKE, '--report', at('leak.md')]);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'REPORT_EXISTS' });
    expect(await readFile(at('leak.md'), 'utf8')).toBe('of yesterday');
    nobodyAsked();
  });

  it('refuses a folder that is not there before it acts', async () => {
    const { code, error } = await desk.json([...REVOKE, '--report', at('no/leak.md')]);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'REPORT_NOT_WRITABLE' });
    expect(error.message).toContain('(ENOENT)');
    nobodyAsked();
  });

  it('tells what was done although the file came up meanwhile, and ends with 1', async () => {
    desk.prod.aws.functions.set('amplitude-prod-emergency', async () => {
      await writeFile(at('leak.md'), 'of another run');
      return REPORT;
    });
    const { code, said } = await desk.keyctl([...REVOKE, '--report', at('leak.md')]);
    expect(code).toBe(1);
    expect(said).toContain('Report not written:');
    expect(said).toContain('Left for you');
    expect(await readFile(at('leak.md'), 'utf8')).toBe('of another run');
  });

  it('is written without the audit trail when that can not be read', async () => {
    desk.prod.aws.faults.fail('FilterLogEvents', { error: 'access-denied' });
    const { code } = await desk.keyctl([...REVOKE, '--report', at('leak.md')]);
    expect(code).toBe(0);
    expect(await readFile(at('leak.md'), 'utf8')).toContain('The audit trail could not be read');
  });
});
