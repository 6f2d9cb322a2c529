import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Desk, KEYS } from '../desk/desk.ts';
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

const scan = (...args: string[]) => desk.keyctl(['scan', tree.path, '--env', 'dev', ...args]);

describe('a hostile tree', () => {
  /** Leaves a mark when somebody runs it. */
  function trap(name: string): string {
    const path = tree.write(`.git/${name}`, `#!/bin/sh\ntouch "${tree.at('.git/ran')}-${name}"\n`);
    chmodSync(path, 0o755);
    return path;
  }
  const ran = (name: string) => existsSync(tree.at(`.git/ran-${name}`));

  it('runs nothing in a scan of what its configuration names, and git would run', async () => {
    tree.write('.gitattributes', '*.txt diff=trap\n');
    tree.write('a.txt', `one ${KEYS.first}`);
    tree.commit('one');
    signHead();
    tree.write('a.txt', `two ${KEYS.first}`);
    tree.write('b.js', KEYS.first);
    tree.git('add', '--all');
    tree.git('config', 'log.showSignature', 'true');
    for (const [name, setting] of TRAPS) tree.git('config', setting, trap(name));
    for (const args of [[], ['--staged'], ['--ignored']]) {
      expect((await scan(...args)).code).toBe(1);
      expect(TRAPS.filter(([name]) => ran(name))).toEqual([]);
    }
    tree.git('status');
    tree.git('log', '-p');
    tree.git('diff', '--cached');
    expect(TRAPS.filter(([name]) => !ran(name))).toEqual([]);
  });

  const TRAPS = [
    ['fsmonitor', 'core.fsmonitor'],
    ['gpg', 'gpg.program'],
    ['external', 'diff.external'],
    ['driver', 'diff.trap.command'],
    ['textconv', 'diff.trap.textconv'],
  ] as const;

  /** A commit with a signature that nobody has to be able to check. */
  function signHead(): void {
    const signature = '-----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----';
    const [head, ...message] = tree.git('cat-file', 'commit', 'HEAD').split('\n\n');
    const signed = `${head}\ngpgsig ${signature}\n\n${message.join('\n\n')}\n`;
    writeFileSync(tree.at('.git/signed'), signed);
    const id = tree.git('hash-object', '-t', 'commit', '-w', '.git/signed');
    tree.git('reset', '--quiet', '--soft', id);
  }

  it('is not asked for what it promised: nothing is fetched', async () => {
    tree.write('b.txt', KEYS.first);
    tree.commit('one');
    tree.write('a.txt', 'staged');
    tree.git('add', '--all');
    const id = tree.git('rev-parse', ':a.txt');
    rmSync(tree.at(`.git/objects/${id.slice(0, 2)}/${id.slice(2)}`));
    tree.git('config', 'extensions.partialClone', 'origin');
    tree.git('config', 'core.repositoryFormatVersion', '1');
    tree.git('config', 'remote.origin.promisor', 'true');
    tree.git('config', 'remote.origin.url', `ext::${trap('fetch')}`);
    tree.git('config', 'protocol.ext.allow', 'always');
    const { code, said } = await scan();
    expect(code).toBe(1);
    expect(said).toContain('b.txt:1:1, since commit');
    expect(said).toContain('This clone is partial');
    expect((await scan('--staged')).said).toContain(`Not scanned: object ${id}.`);
    expect(ran('fetch')).toBe(false);
    expect(() => tree.git('cat-file', 'blob', id)).toThrow();
    expect(ran('fetch'), 'the trap works').toBe(true);
  });

  it('steers no terminal by the names of its files', async () => {
    const names = ['a\n\u001b[2J\u202eb', 'c\xff\xe2'];
    for (const [at, encoding] of (['utf8', 'latin1'] as const).entries()) {
      const name = Buffer.from(names[at] ?? '', encoding);
      writeFileSync(Buffer.concat([Buffer.from(`${tree.path}/`), name]), KEYS.first);
    }
    tree.write('-rf --json $(id) `id`', KEYS.first);
    tree.commit('one');
    const { stdout } = await scan();
    expect(stdout).toContain('  a\\x0a\\x1b[2J\\u{202e}b:1:1\n');
    expect(stdout).toContain('  c\\xff\\xe2:1:1\n');
    expect(stdout).toContain('-rf --json $(id) `id`:1:1\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });

  it('hides no content behind a replacement', async () => {
    tree.write('a.txt', `\n${KEYS.first}`);
    tree.write('b.txt', 'clean');
    tree.git('add', '--all');
    tree.git('replace', tree.git('rev-parse', ':a.txt'), tree.git('rev-parse', ':b.txt'));
    expect((await scan('--staged')).said).toContain('a.txt:2:1, staged');
  });
});

describe('where a scan looks', () => {
  it('is what it was told, though the environment names another repository', async () => {
    const other = WorkTree.repository();
    onTestFinished(() => other.remove());
    tree.write('a.txt', KEYS.first);
    tree.commit('one');
    vi.stubEnv('GIT_DIR', other.at('.git'));
    vi.stubEnv('GIT_INDEX_FILE', other.at('.git/index'));
    vi.stubEnv('GIT_WORK_TREE', other.path);
    const { finds } = await desk.json(['scan', tree.path, '--env', 'dev']);
    expect(finds).toMatchObject([{ where: 'file' }, { where: 'history', path: 'a.txt' }]);
  });
});

describe('as a pre-commit hook', () => {
  const keyctl = `"${process.execPath}" "${process.cwd()}/bin/keyctl.ts"`;

  it('scan keeps a key out of a commit, by whichever index git makes it', async () => {
    const saved = tree.at('.git/fingerprints.json');
    await desk.keyctl(['scan', '--save', saved]);
    tree.write('a.txt', 'clean');
    tree.commit('one');
    const hook = `#!/bin/sh\nexec ${keyctl} scan --staged --fingerprints "${saved}"\n`;
    chmodSync(tree.write('.git/hooks/pre-commit', hook), 0o755);
    tree.write('a.txt', `key = ${KEYS.first}`);
    expect(() => tree.git('commit', '--all', '-m', 'two')).toThrow('a.txt:1:7, staged');
    expect(tree.git('rev-list', '--count', 'HEAD')).toBe('1');
    tree.write('a.txt', 'clean again');
    tree.git('commit', '--all', '-m', 'two');
    expect(tree.git('rev-list', '--count', 'HEAD')).toBe('2');
  });
});
