import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { byFingerprint } from '../../../bin/scan/key-search.ts';
import { type ScanOptions, scan } from '../../../bin/scan/scan.ts';
import { targetAt } from '../../../bin/scan/target.ts';
import { fingerprintOf } from '../../../lambda/domain/secret-value.ts';
import { WorkTree } from '../desk/work-tree.ts';

const KEY = '1f0e9d8c'.repeat(4);
const OTHER = '5948372615'.repeat(4).slice(0, 32);
const fingerprint = fingerprintOf(KEY);
const its = { environment: 'prod', key: 'web', audience: 'server' } as const;
const known = byFingerprint([
  { ...its, fingerprint, state: 'current' },
  { ...its, fingerprint: fingerprintOf(OTHER), state: 'retained' },
]);

let tree: WorkTree;
beforeEach(() => {
  vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
  tree = WorkTree.repository();
});
afterEach(() => {
  vi.unstubAllEnvs();
  tree.remove();
});

async function scanned(options: Partial<ScanOptions> = {}, dir = tree.path) {
  const target = await targetAt(dir);
  const all = { staged: false, history: true, ignored: false, ...options };
  const { notes, ...parts } = await scan(target, known, all, () => () => {});
  const searched = Object.values(parts);
  expect(JSON.stringify(searched)).not.toContain(KEY);
  return {
    notes: notes.join(' '),
    finds: searched.flatMap(({ finds }) => finds),
    unsearched: searched.flatMap(({ unsearched }) => unsearched),
    files: parts.files?.count,
  };
}
const history = async (dir?: string) =>
  (await scanned({}, dir)).finds.filter(({ where }) => where !== 'file');

describe('in the history a scan finds', () => {
  it('a key that was taken out again: the path, the line, and the commit that brought it', async () => {
    tree.write('config.js', `// config\nkey = '${KEY}'`);
    const commit = tree.commit('one');
    tree.write('config.js', `// config\nkey = '${KEY}'; // more`);
    tree.commit('two');
    tree.write('config.js', '// config');
    tree.commit('three');
    const committedAt = '2026-08-01T12:00:00.000Z';
    expect(await history()).toMatchObject([
      { path: 'config.js', line: 2, column: 8, commit, committedAt, versions: 2 },
    ]);
  });

  it('every path that a content ever had', async () => {
    tree.write('a.txt', KEY);
    tree.write('b.txt', KEY);
    tree.commit('one');
    expect(await history()).toMatchObject([{ path: 'a.txt' }, { path: 'b.txt' }]);
  });

  it('the line of each key in contents of many chunks', async () => {
    const lines = (count: number) => 'no key\n'.repeat(count);
    tree.write('a.txt', `${lines(30_000)}- ${KEY}\n${lines(30_000)}${OTHER}`);
    tree.write('b.txt', `${lines(40_000)}--- ${OTHER}`);
    tree.commit('one');
    const finds = [
      { path: 'a.txt', line: 30_001, column: 3 },
      { path: 'a.txt', line: 60_002, column: 1 },
      { path: 'b.txt', line: 40_001, column: 5 },
    ];
    const found = await history();
    expect(found).toHaveLength(3);
    for (const find of finds) expect(found).toContainEqual(expect.objectContaining(find));
  });

  it('what came in by a merge alone', async () => {
    tree.commit('base');
    tree.git('checkout', '--quiet', '-b', 'side');
    tree.commit('side');
    tree.git('checkout', '--quiet', 'main');
    tree.commit('main');
    tree.git('merge', '--quiet', '--no-commit', '--no-ff', 'side');
    tree.write('merged.txt', KEY);
    const commit = tree.commit('merge');
    expect(await history()).toMatchObject([{ path: 'merged.txt', commit }]);
  });

  it('a stash, and a commit that only a reflog has', async () => {
    tree.commit('base');
    tree.write('stashed.txt', KEY);
    tree.git('add', '--all');
    tree.git('stash', '--quiet');
    tree.write('amended.txt', `${KEY} too`);
    const commit = tree.commit('to be amended');
    rmSync(tree.at('amended.txt'));
    tree.commit('amended', '--amend');
    const finds = await history();
    expect(finds).toContainEqual(expect.objectContaining({ path: 'stashed.txt' }));
    expect(finds).toContainEqual(expect.objectContaining({ path: 'amended.txt', commit }));
  });

  it('an object that no commit has', async () => {
    tree.write('a.txt', KEY);
    tree.git('add', '--all');
    const [find] = await history();
    expect(find).toMatchObject({ where: 'history', line: 1, column: 1 });
    expect(find).not.toHaveProperty('commit');
  });

  it('messages of commits and tags', async () => {
    const object = tree.commit(`key ${KEY}`);
    tree.git('tag', '-a', 'v1', '-m', KEY);
    const finds = await history();
    expect(finds).toHaveLength(2);
    expect(finds).toContainEqual({ fingerprint, times: 1, where: 'commit message', object });
    expect(finds).toContainEqual(expect.objectContaining({ where: 'tag message' }));
  });

  it('packed objects too, from a folder within and of a bare clone', async () => {
    tree.write('sub/a.txt', KEY);
    tree.commit('one');
    tree.git('gc', '--quiet');
    tree.git('clone', '--quiet', '--bare', '.', 'clone.git');
    expect(await history(tree.at('sub'))).toMatchObject([{ path: 'sub/a.txt' }]);
    const bare = await scanned({}, tree.at('clone.git'));
    expect(bare.finds).toMatchObject([{ path: 'sub/a.txt' }]);
    expect(bare.notes).toContain('no working files');
  });

  it('nothing with --no-history', async () => {
    tree.commit(KEY);
    expect((await scanned({ history: false })).finds).toEqual([]);
  });
});

describe('a scan says that it is not complete', () => {
  it('of a shallow clone', async () => {
    tree.write('a.txt', KEY);
    tree.commit('one');
    tree.write('a.txt', 'clean');
    tree.commit('two');
    tree.git('clone', '--quiet', '--depth', '1', `file://${tree.path}`, '.git/shallow');
    const { finds, unsearched } = await scanned({}, tree.at('.git/shallow'));
    expect(finds).toEqual([]);
    expect(unsearched).toMatchObject([{ what: 'a part of the history' }]);
    expect(unsearched[0]?.message).toContain('git fetch --unshallow');
    expect((await scanned({ history: false }, tree.at('.git/shallow'))).unsearched).toEqual([]);
  });

  it('of a partial clone, and fetches nothing', async () => {
    tree.git('config', 'uploadpack.allowFilter', 'true');
    tree.write('a.txt', KEY);
    tree.commit('one');
    tree.write('a.txt', 'clean');
    tree.commit('two');
    const filter = ['--filter=blob:none', `file://${tree.path}`];
    tree.git('clone', '--quiet', ...filter, '.git/partial');
    const { finds, unsearched } = await scanned({}, tree.at('.git/partial'));
    expect(finds).toEqual([]);
    expect(unsearched[0]?.message).toContain('Scan a full clone');
  });

  it.each([
    ['its header', (content: Buffer) => content.fill('x', 0, 8)],
    ['its end', (content: Buffer) => content.subarray(0, -9)],
  ])('of an object that is broken (%s), and tells what it found', async (_, spoil) => {
    tree.write('a.txt', KEY);
    tree.write('b.txt', randomBytes(9_000));
    tree.commit('one');
    const id = tree.git('rev-parse', 'HEAD:b.txt');
    const path = tree.at(`.git/objects/${id.slice(0, 2)}/${id.slice(2)}`);
    const content = readFileSync(path);
    chmodSync(path, 0o600);
    writeFileSync(path, spoil(content));
    const { finds, unsearched } = await scanned();
    expect(finds).toContainEqual(expect.objectContaining({ where: 'file', path: 'a.txt' }));
    expect(unsearched).toHaveLength(1);
    expect(unsearched[0]?.message).toContain('git fsck --full');
  });

  it.each([
    ['a content', 'HEAD~1:b.txt'],
    ['a tree', 'HEAD~1^{tree}'],
  ])('of %s that a commit needs and that is gone', async (_, what) => {
    tree.write('b.txt', KEY);
    tree.commit('one');
    tree.write('b.txt', 'clean');
    tree.commit('two');
    const id = tree.git('rev-parse', what);
    rmSync(tree.at(`.git/objects/${id.slice(0, 2)}/${id.slice(2)}`));
    const message = 'Git lacks it, or it is broken: git fsck --full.';
    expect((await scanned()).unsearched).toContainEqual({ what: `object ${id}`, message });
  });

  it('of a clone whose objects were in a repository that is gone', async () => {
    tree.write('a.txt', 'clean');
    tree.commit('one');
    tree.git('clone', '--quiet', '--shared', '.', '.git/shared');
    tree.write('.git/shared/.git/objects/info/alternates', '/nowhere\n');
    const { finds, unsearched } = await scanned({}, tree.at('.git/shared'));
    expect(finds).toEqual([]);
    expect(unsearched).toMatchObject([{ what: 'a part of the history' }]);
    expect(unsearched[0]?.message).toContain('Git ended with an error:');
  });

  it('but not for a commit that only a reflog names and git has removed', async () => {
    const gone = tree.commit('one');
    tree.commit('two', '--amend');
    rmSync(tree.at(`.git/objects/${gone.slice(0, 2)}/${gone.slice(2)}`));
    expect((await scanned()).unsearched).toEqual([]);
  });

  it('of a file that may not be read, and of a folder', async () => {
    tree.write('a.txt', KEY);
    chmodSync(tree.write('secret.txt', 'x'), 0o000);
    tree.write('.gitignore', '/locked/\n');
    tree.write('locked/b.txt', KEY);
    chmodSync(tree.at('locked'), 0o000);
    rmSync(tree.at('.git'), { recursive: true });
    chmodSync(tree.path, 0o755);
    const { finds, unsearched } = await asNobody(() => scanned());
    expect(finds).toMatchObject([{ path: 'a.txt' }]);
    const message = "It can't be read (EACCES).";
    expect(unsearched.sort((a, b) => a.what.localeCompare(b.what))).toEqual([
      { what: 'locked', message },
      { what: 'secret.txt', message },
    ]);
  });
});

/** Root reads everything, so its tests go on as another user. */
async function asNobody<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('a scan passes by', () => {
  it('links, pipes and sockets, without waiting', async () => {
    rmSync(tree.at('.git'), { recursive: true });
    tree.write('a.txt', 'clean');
    symlinkSync('/dev/zero', tree.at('zero'));
    symlinkSync('nowhere', tree.at('dangling'));
    symlinkSync('.', tree.at('loop'));
    execFileSync('mkfifo', [tree.at('pipe')]);
    const server = createServer().listen(tree.at('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    const { files, unsearched } = await scanned();
    server.close();
    expect({ files, unsearched }).toEqual({ files: 1, unsearched: [] });
  });

  it('files that git tracks and somebody removed', async () => {
    tree.write('a.txt', 'clean');
    tree.write('gone/b.txt', 'clean');
    tree.commit('one');
    rmSync(tree.at('gone'), { recursive: true });
    expect(await scanned()).toMatchObject({ files: 1, unsearched: [] });
  });
});

describe('a scan knows where it is:', () => {
  it('a repository within is searched, and its history named as left out', async () => {
    tree.write('vendor/lib/a.txt', KEY);
    tree.write('vendor/lib/.gitignore', 'out/');
    tree.write('vendor/lib/out/b.txt', KEY);
    tree.git('init', '--quiet', 'vendor/lib');
    const { finds, notes } = await scanned();
    expect(finds).toMatchObject([{ path: 'vendor/lib/a.txt' }]);
    expect(notes).toContain('which were not scanned: vendor/lib.');
  });

  it('so is a submodule, and one that is not there is no fault', async () => {
    tree.write('other/a.txt', KEY);
    tree.git('init', '--quiet', '--initial-branch=main', 'other');
    tree.git('-C', 'other', 'add', '--all');
    tree.git('-C', 'other', 'commit', '--quiet', '-m', 'one');
    tree.git('add', 'other');
    tree.git('commit', '--quiet', '-m', 'one');
    expect((await scanned()).finds).toMatchObject([{ where: 'file', path: 'other/a.txt' }]);
    rmSync(tree.at('other'), { recursive: true });
    mkdirSync(tree.at('other'));
    expect(await scanned()).toMatchObject({ finds: [], unsearched: [] });
  });

  it('a folder that git ignores', async () => {
    tree.write('.gitignore', 'dist/');
    tree.write('dist/js/a.js', KEY);
    const { finds, notes } = await scanned({}, tree.at('dist'));
    expect(finds).toMatchObject([{ path: 'js/a.js' }]);
    expect(notes).toContain('Git ignores this folder');
  });

  it('a folder without a repository', async () => {
    rmSync(tree.at('.git'), { recursive: true });
    tree.write('src/a.js', KEY);
    tree.write('node_modules/it/a.js', KEY);
    const { finds, notes } = await scanned();
    expect(finds).toMatchObject([{ path: 'src/a.js' }]);
    expect(notes).toContain('no history, so every file was scanned, but those in node_modules.');
  });

  it('one file, also one whose name begins with a hyphen', async () => {
    tree.write('-n.txt', KEY);
    tree.write('b.txt', KEY);
    const { finds, notes } = await scanned({}, tree.at('-n.txt'));
    expect(finds).toMatchObject([{ path: '-n.txt' }]);
    expect(notes).toContain('Only this file');
  });

  it('a folder under a link', async () => {
    tree.write('src/a.js', KEY);
    symlinkSync('src', tree.at('linked'));
    expect((await scanned({}, tree.at('linked'))).finds).toMatchObject([{ path: 'a.js' }]);
  });

  it('a repository without a commit', async () => {
    expect(await scanned()).toMatchObject({ finds: [], unsearched: [], notes: '' });
  });
});

describe('what is staged', () => {
  it('is searched as it is staged, whatever the file holds now', async () => {
    tree.write('old.txt', KEY);
    tree.commit('one');
    tree.write('sub/new.txt', `a\n${KEY}`);
    tree.git('add', '--all');
    tree.write('sub/new.txt', 'clean');
    tree.write('unstaged.txt', KEY);
    expect((await scanned({ staged: true })).finds).toEqual([
      { fingerprint, times: 1, where: 'staged file', path: 'sub/new.txt', line: 2, column: 1 },
    ]);
  });

  it('before the first commit too, and in the name of a file', async () => {
    tree.write(`${KEY}.txt`, '');
    tree.git('add', '--all');
    expect((await scanned({ staged: true })).finds).toMatchObject([{ where: 'file name' }]);
  });

  it('is not what it removes, nor a submodule', async () => {
    tree.write('a.txt', KEY);
    tree.commit('one');
    tree.git('rm', '--quiet', 'a.txt');
    tree.git('init', '--quiet', '--initial-branch=main', 'other');
    tree.git('-C', 'other', 'commit', '--quiet', '--allow-empty', '-m', 'one');
    tree.git('add', 'other');
    expect(await scanned({ staged: true })).toMatchObject({ finds: [], unsearched: [] });
  });

  it('needs a repository, and a folder', async () => {
    const file = tree.write('a.txt', KEY);
    await expect(scanned({ staged: true }, file)).rejects.toThrow('name a folder');
    rmSync(tree.at('.git'), { recursive: true });
    await expect(scanned({ staged: true })).rejects.toThrow('needs a git repository');
  });
});

describe('without git, or where it refuses,', () => {
  it.each([
    ['GIT_MISSING', () => vi.stubEnv('PATH', '/nowhere')],
    [
      'GIT_FAILED',
      () => {
        rmSync(tree.at('.git'), { recursive: true });
        tree.write('.git', 'gitdir: /nowhere');
      },
    ],
    ['GIT_FAILED', () => tree.write('.git/index', 'broken')],
  ])('a scan says so (%s), and goes on without the history', async (name, spoil) => {
    tree.write('a.txt', KEY);
    spoil();
    const refused = scanned();
    await expect(refused).rejects.toThrow('--no-history');
    await expect(refused).rejects.toMatchObject({ name });
    const { finds, notes } = await scanned({ history: false });
    expect(finds).toMatchObject([{ where: 'file', path: 'a.txt' }]);
    expect(notes).toContain("Git can't be asked here");
  });

  it.runIf(process.geteuid?.() === 0)('it says whose folder it has to trust', async () => {
    execFileSync('chown', ['-R', '65534', tree.path]);
    await expect(scanned()).rejects.toThrow('safe.directory');
  });
});
