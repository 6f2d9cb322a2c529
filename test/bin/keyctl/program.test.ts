import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk } from '../desk/desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

const GROUPS = {
  Keys: ['stage', 'unstage', 'rotate', 'status', 'verify', 'which', 'readers', 'scan'],
  Emergency: ['revoke', 'assess', 'lockdown', 'unlock', 'quarantine', 'rollback'],
  More: ['relay', 'history', 'config', 'prometheus'],
};
const COMMANDS = Object.values(GROUPS).flat();

describe('the command line', () => {
  it.each(COMMANDS)('%s has help with examples and the shared options', async (command) => {
    const { code, stdout } = await desk.keyctl([command, '--help']);
    expect(code).toBe(0);
    for (const option of ['--env', '--key', '--json', '--config']) expect(stdout).toContain(option);
    expect(stdout).toContain(`npx keyctl ${command}`);
  });

  it.each(['list', 'release'])('quarantine %s has help with examples too', async (member) => {
    const { code, stdout } = await desk.keyctl(['quarantine', member, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--env');
    expect(stdout).toContain(`npx keyctl quarantine ${member}`);
  });

  it('shows help on stderr and ends with 2 where only a part of a command is named', async () => {
    const { code, stdout, stderr } = await desk.keyctl(['quarantine', '--env', 'dev']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: keyctl quarantine <command>');
  });

  it.each(Object.entries(GROUPS))('lists the commands under %s', async (group, commands) => {
    const { code, stdout } = await desk.keyctl(['--help'], { columns: 120 });
    expect(code).toBe(0);
    const [, listed = ''] = stdout.split(`${group}:\n`);
    const names = [...(listed.split('\n\n')[0]?.matchAll(/^ {2}(\w+) /gm) ?? [])];
    expect(names.map(([, name]) => name).filter((name) => name !== 'help')).toEqual(commands);
  });

  it('shows help on stderr and ends with 2 without a command', async () => {
    const { code, stdout, stderr } = await desk.keyctl([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: keyctl');
  });

  it.each([
    [['stats'], 'There is no command "stats". Did you mean status?'],
    [['quarantine', 'lst'], 'There is no command "lst". Did you mean quarantine list?'],
    [['quarantine', 'x'], 'unlock, quarantine list, quarantine release, rollback'],
    [['status', '--envv', 'dev'], 'There is no option "--envv". Did you mean --env?'],
    [['status', '--bogus'], 'Options: npx keyctl status --help.'],
    [['relay', 'status', '--bogus'], 'Options: npx keyctl relay status --help.'],
    [['relay', 'token', '--bogus'], 'Options: npx keyctl relay token --help.'],
    [['--bogus'], 'Options: npx keyctl --help.'],
    [['status', '--env'], "option '--env <name>' argument missing"],
    [['status'], 'Say which environment: --env <name>. There are: dev, prod.'],
    [['status', '--env', 'qa'], 'There is no environment "qa". There are: dev, prod.'],
    [['status', '--env', 'dev', '--key', 'x'], 'There is no key of dev "x". There are: web.'],
    [['rotate', '--env', 'prod'], 'Say which key of prod: --key <name>. There are: server, export'],
    [['status', 'dev'], 'Commands take options only'],
  ])('%j is wrong use', async (args, words) => {
    const { code, said } = await desk.keyctl(args);
    expect(code).toBe(2);
    expect(said).toContain(words);
    expect(desk.calls).toEqual([]);
  });

  it('takes the shared options before the command too', async () => {
    const { code } = await desk.keyctl(['--env', 'dev', 'status']);
    expect(code).toBe(0);
  });

  it('prints wrong use as one JSON document too', async () => {
    const { code, error } = await desk.json(['stats']);
    expect({ code, error: error.code }).toEqual({ code: 2, error: 'WRONG_USE' });
  });

  it('writes nothing but the document to stdout, and nothing to stderr but progress', async () => {
    const { stdout, stderr } = await desk.keyctl(['status', '--env', 'dev', '--json']);
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(stderr).toBe('');
  });
});
