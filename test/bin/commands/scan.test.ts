import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Desk, FP, KEYS } from '../desk/desk.ts';
import { WorkTree } from '../desk/work-tree.ts';

let desk: Desk;
let tree: WorkTree;
beforeEach(async () => {
  vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
  desk = await Desk.open();
  tree = WorkTree.repository();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  tree.remove();
  await desk.close();
});

const scan = (...args: string[]) => desk.keyctl(['scan', tree.path, ...args]);
const json = (...args: string[]) => desk.json(['scan', tree.path, ...args]);

describe('scan finds', () => {
  it('a current key in a file, says where, whose it is, and what to do', async () => {
    tree.write('src/app.js', `\n  const key = '${KEYS.prod}';\n`);
    const { code, stdout, said } = await scan();
    expect(code).toBe(1);
    expect(stdout).toContain(`Found key ${FP.prod}: prod/server, current, "Server 2026-08"`);
    expect(stdout).toContain('  src/app.js:2:16\n');
    expect(said).toContain('npx keyctl revoke --env prod --key server --reason "hard-coded"');
    expect(said).toContain('Compared with 2 fingerprints of dev, prod.');
  });

  it('the same for a program', async () => {
    tree.write('a.txt', `${KEYS.first}\n${KEYS.first.toUpperCase()}`);
    const { code, clean, keys, finds, scanned } = await json();
    expect({ code, clean }).toEqual({ code: 1, clean: false });
    expect(keys).toMatchObject([{ environment: 'dev', key: 'web', state: 'current' }]);
    expect(finds).toEqual([
      { fingerprint: FP.first, where: 'file', path: 'a.txt', line: 1, column: 1, times: 2 },
    ]);
    expect(scanned).toEqual({ files: { count: 1, bytes: 65 }, history: { count: 0, bytes: 0 } });
  });

  it('staged keys, and keys that the vault held before', async () => {
    await desk.dev.stage('web', KEYS.second);
    const document = { apiKey: KEYS.prod, name: 'Server', held: [FP.third] };
    desk.prod.seed({ name: 'events', value: JSON.stringify(document) });
    tree.write('a', KEYS.second);
    tree.write('b', KEYS.third);
    const { keys } = await json();
    expect(keys.map((one: { key: string; state: string }) => `${one.key} ${one.state}`)).toEqual([
      'web staged',
      'events held before',
    ]);
  });

  it('a key in a binary file, and in the name of a file without printing it', async () => {
    tree.write('app.bin', Buffer.concat([Buffer.alloc(300_000), Buffer.from(KEYS.first)]));
    tree.write(`cache/${KEYS.first}.json`, '{}');
    const { stdout } = await scan();
    expect(stdout).toContain('app.bin:1:300001');
    expect(stdout).toContain('cache/[redacted].json, in its name');
  });

  it('a key in a file that PowerShell wrote, in UTF-16', async () => {
    tree.write('.env', Buffer.from(`\ufeffA=1\r\nKEY=${KEYS.first}\r\n`, 'utf16le'));
    expect((await scan()).stdout).toContain('  .env:2:10\n');
  });

  it('a key in an ignored file; in ignored folders only with --ignored', async () => {
    tree.write('.gitignore', '.env\nbuild/\nnode_modules/\n');
    tree.write('config/.env', KEYS.first);
    tree.write('build/out.js', KEYS.first);
    tree.write('node_modules/it/main.js', KEYS.first);
    const paths = async (...args: string[]) =>
      (await json(...args)).finds.map(({ path }: { path: string }) => path);
    expect(await paths()).toEqual(['config/.env']);
    expect(await paths('--ignored')).toEqual([
      'build/out.js',
      'config/.env',
      'node_modules/it/main.js',
    ]);
  });

  it('nothing, and says what it looked at', async () => {
    tree.write('a', 'a7f3'.repeat(8));
    tree.commit('clean');
    const { code, stdout } = await scan();
    expect(code).toBe(0);
    expect(stdout).toContain('No key was found in 1 file (32 bytes) and 2 objects');
    const { code: ofJson, clean } = await json();
    expect({ ofJson, clean }).toEqual({ ofJson: 0, clean: true });
  });

  it('only keys of the environment or key that was asked for', async () => {
    tree.write('a', `${KEYS.first} ${KEYS.prod}`);
    const of = async (...args: string[]) =>
      (await json(...args)).keys.map(({ key }: { key: string }) => key);
    expect(await of('--env', 'dev')).toEqual(['web']);
    expect(await of('--key', 'server')).toEqual(['server']);
    expect(await of('--env', 'prod', '--key', 'export')).toEqual([]);
  });
});

describe('scan sends and needs', () => {
  it('no word of the tree: it asks for the inventory', async () => {
    tree.write('a', KEYS.third);
    await scan('--env', 'dev');
    expect(desk.dev.aws.lambda.payloads).toEqual([
      { action: 'inventory', caller: desk.identity.Arn },
    ]);
    expect(desk.prod.aws.lambda.payloads).toEqual([]);
  });

  it('every fingerprint: with a gap it ends with 1, though it found nothing', async () => {
    desk.prod.aws.functions.clear();
    const { code, said } = await scan();
    expect(code).toBe(1);
    expect(said).toContain(', but that is not all.');
    expect(said).toContain('Not compared: prod. Environment prod is not deployed');
  });

  it('values that can be read: those under a disabled CMK have no fingerprint', async () => {
    await desk.dev.disableCmk();
    const { code, said } = await scan('--env', 'dev');
    expect(code).toBe(1);
    expect(said).toContain('Nothing was scanned, since no fingerprint of a key is known.');
    expect(said).toContain('Not compared: dev/web. Its current version');
    expect(said).toContain("is unreadable, so its fingerprint isn't known");
  });

  it('a key at all: with placeholders only there is nothing to look for', async () => {
    const { code, said } = await scan('--env', 'prod', '--key', 'export');
    expect(code).toBe(0);
    expect(said).toContain('Nothing was scanned: there is no key in prod yet.');
  });
});

describe('saved fingerprints', () => {
  const FILE = 'fingerprints.json';

  it('are compared with without asking anybody', async () => {
    const file = tree.at(FILE);
    const { code, said } = await desk.keyctl(['scan', '--save', file]);
    expect(code).toBe(0);
    expect(said).toContain('Saved 2 fingerprints of dev, prod.');
    expect(readFileSync(file, 'utf8')).toContain(FP.prod);
    desk.calls.length = 0;
    tree.write('a', KEYS.prod);
    const found = await scan('--fingerprints', file);
    expect(found.code).toBe(1);
    expect(found.said).toContain('prod/server, current');
    expect(found.said).toContain('of dev, prod, saved just now, 2026-11-24 02:00 UTC.');
    expect(desk.calls).toEqual([]);
  });

  it('are told to be saved again after a week', async () => {
    const file = tree.at(FILE);
    await desk.keyctl(['scan', '--save', file]);
    desk.dev.aws.clock.advance(8 * 86_400_000);
    const { code, said } = await scan('--fingerprints', file);
    expect(code).toBe(0);
    expect(said).toContain('Save them again, since keys that were handed in later');
  });

  it('replace those of an earlier run, and no other file', async () => {
    const file = tree.at(FILE);
    await desk.keyctl(['scan', '--save', file]);
    expect((await desk.keyctl(['scan', '--save', file])).code).toBe(0);
    const other = tree.write('other.json', '{}');
    const { code, error } = await desk.json(['scan', '--save', other]);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'FINGERPRINTS_NOT_WRITABLE' });
    expect(readFileSync(other, 'utf8')).toBe('{}');
  });

  it('remember what could not be asked', async () => {
    const file = tree.at(FILE);
    desk.prod.aws.functions.clear();
    expect((await desk.keyctl(['scan', '--save', file])).code).toBe(1);
    const { code, said } = await scan('--fingerprints', file);
    expect(code).toBe(1);
    expect(said).toContain('Not compared: prod.');
    expect((await scan('--fingerprints', file, '--env', 'dev')).code).toBe(0);
  });

  it('are of the environments and keys that the file has', async () => {
    const file = tree.at(FILE);
    await desk.keyctl(['scan', '--save', file, '--env', 'dev']);
    for (const choice of [
      ['--env', 'prod'],
      ['--key', 'server'],
    ]) {
      const { code, error } = await json('--fingerprints', file, ...choice);
      expect({ code, error: error.code }).toEqual({ code: 2, error: 'WRONG_USE' });
    }
  });

  it('are refused in a folder that is not there', async () => {
    const { code, error } = await desk.json(['scan', '--save', tree.at('no/where.json')]);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'FINGERPRINTS_NOT_WRITABLE' });
    expect(error.message).toContain('(ENOENT)');
  });

  it.each([
    ['no JSON', 'no JSON'],
    ['another document', '{"keys":[]}'],
    ['a changed one', '{"savedBy":"keyctl scan --save","at":"then","keys":[]}'],
  ])('are refused when the file is %s', async (_, content) => {
    const file = tree.write(FILE, content);
    const { code, error } = await json('--fingerprints', file);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'FINGERPRINTS_UNREADABLE' });
    expect(error.message).toContain('npx keyctl scan --save');
  });

  it('are refused when there is no file', async () => {
    const { error } = await json('--fingerprints', tree.at('none.json'));
    expect(error.message).toContain("can't be read (ENOENT)");
  });
});

describe('scan refuses', () => {
  it.each([
    [['--save', 'x', '--staged'], '--save scans nothing'],
    [['--save', 'x', '.'], '--save scans nothing'],
    [['--staged', '--ignored'], '--staged or --ignored'],
    [['a', 'b'], 'Name one folder or file only.'],
    [['--key', 'nope'], 'There is no key "nope" in dev, prod.'],
    [['--env', 'qa'], 'There is no environment "qa".'],
    [['no-such'], 'There is no folder or file "no-such" that can be opened (ENOENT).'],
    [['/dev/null'], 'What is called "/dev/null" is neither a folder nor a file.'],
    [['--', '-n'], 'There is no folder or file "-n"'],
  ])('%j', async (args, words) => {
    const { code, said } = await desk.keyctl(['scan', ...args]);
    expect(said).toContain(words);
    expect(code).toBe(2);
  });

  it('a key as argument', async () => {
    const { code, said } = await desk.keyctl(['scan', KEYS.prod]);
    expect(code).toBe(2);
    expect(said).toContain('The argument looks like a key. If it was a key,');
  });
});

it.each([40, 60])('stays readable at %i columns', async (columns) => {
  tree.write('src/app.js', KEYS.prod);
  tree.commit('one');
  const { stdout } = await desk.keyctl(['scan', tree.path], { columns });
  const long = stdout.split('\n').filter((line) => line.length > columns);
  expect(long.every((line) => /^\s*(?:npx \S|\S+$)/.test(line))).toBe(true);
});
