import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk } from '../desk/desk.ts';
import { asked, emergencyAnswers, refusal } from '../desk/emergency-functions.ts';
import { emergency, lockedDown, TRUTH } from '../terminal/emergency-reports.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  emergencyAnswers(desk.prod, lockedDown(true));
});
afterEach(() => desk.close());

const WHY = ['--reason', 'account breached'];
const LOCK = ['lockdown', '--env', 'prod', '--key', 'server'];

describe('lockdown', () => {
  it('is done once it is contained, with the proof, and tells what can not start', async () => {
    const { code, stdout, said } = await desk.keyctl([...LOCK, ...WHY]);
    expect(code).toBe(0);
    expect(stdout.replace(/\n/g, ' ').startsWith(TRUTH)).toBe(true);
    expect(said).toContain(
      'Contained. A read of amplitude/prod/server by a role that is not exempt failed.',
    );
    expect(said).toContain("can't start any more: tasks, pods");
  });

  it('ends with 1 when it is not contained', async () => {
    emergencyAnswers(desk.prod, lockedDown(false));
    const { code, said } = await desk.keyctl([...LOCK, ...WHY]);
    expect(code).toBe(1);
    expect(said).toContain('NOT contained. A read of amplitude/prod/server still succeeds');
  });

  it('ends with 1 when nothing proves it', async () => {
    const { contained: _, ...unproved } = lockedDown(true);
    emergencyAnswers(desk.prod, unproved);
    const { code } = await desk.keyctl([...LOCK, ...WHY]);
    expect(code).toBe(1);
  });

  it('shows the plan of a dry run, which proves nothing and needs no reason', async () => {
    const { contained: _, ...plan } = lockedDown(true);
    emergencyAnswers(desk.prod, { ...plan, dryRun: true, plan: [{ what: 'Deny all reads' }] });
    const { code, said } = await desk.keyctl([...LOCK, '--dry-run']);
    expect(code).toBe(0);
    expect(said).toContain('Plan 1. Deny all reads');
  });

  it.each([
    [['--key', 'server'], { scope: 'key', key: 'server' }],
    [['--scope', 'environment'], { scope: 'environment' }],
  ])('with %j asks for %o', async (args, scope) => {
    await desk.keyctl(['lockdown', '--env', 'prod', ...args, ...WHY]);
    expect(asked(desk.prod, 'lockdown')).toEqual([
      { action: 'lockdown', ...scope, reason: 'account breached', dryRun: false },
    ]);
  });

  it.each(['lockdown', 'unlock'])('%s never guesses what is meant', async (command) => {
    const both = ['--key', 'server', '--scope', 'environment'];
    for (const args of [[], both, ['--scope', 'key']]) {
      const { code, said } = await desk.keyctl([command, '--env', 'prod', ...args, ...WHY]);
      expect(code).toBe(2);
      expect(said).toMatch(/Say what: one key|--scope takes environment only/);
    }
    expect(desk.calls).toEqual([]);
  });

  it.each(['lockdown', 'unlock'])('%s needs a reason', async (command) => {
    const { code, said } = await desk.keyctl([command, '--env', 'prod', '--key', 'server']);
    expect(code).toBe(2);
    expect(said).toContain('--reason');
    expect(desk.calls).toEqual([]);
  });

  it.each([
    ['lockdown', ['--key', 'server'], 'Deny reads of prod/server now?'],
    ['lockdown', ['--scope', 'environment'], 'Deny reads of all keys of prod now?'],
    ['unlock', ['--key', 'server'], 'Allow reads of prod/server again?'],
  ])('%s %j asks a person first', async (command, args, question) => {
    const line = [command, '--env', 'prod', ...args, ...WHY];
    const { code, questions } = await desk.keyctl(line, { interactive: true, confirms: false });
    expect(code).toBe(1);
    expect(questions).toEqual([`${question} (account 111122223333, Region eu-west-1)`]);
    expect(desk.calls).not.toContain('Invoke');
  });
});

describe('unlock', () => {
  const UNLOCK = ['unlock', '--env', 'prod', '--key', 'server', ...WHY];

  it('needs no proof of containment', async () => {
    const { contained: _, ...released } = lockedDown(true);
    emergencyAnswers(desk.prod, { ...released, action: 'unlock' });
    const { code, said } = await desk.keyctl(UNLOCK);
    expect(code).toBe(0);
    expect(said).toContain('Unlocking of prod/server');
    expect(said).not.toContain('ontained');
  });

  it('ends with 1 when a step failed', async () => {
    const plan = [{ what: 'Replace the compromised key', failed: 'Nothing is staged.' }];
    emergencyAnswers(desk.prod, emergency({ action: 'unlock', plan }));
    const { code, json } = await desk.keyctl([...UNLOCK, '--json']);
    expect(code).toBe(1);
    expect(json().plan).toEqual(plan);
  });

  it("passes the function's refusals on", async () => {
    const message = 'The current key of prod/server is compromised, so its lockdown stays.';
    emergencyAnswers(desk.prod, refusal('STILL_COMPROMISED', message));
    const { code, error } = await desk.json(UNLOCK);
    expect({ code, error }).toEqual({ code: 1, error: { code: 'STILL_COMPROMISED', message } });
  });
});
