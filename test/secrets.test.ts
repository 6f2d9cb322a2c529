import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const modules = join(root, 'node_modules');
const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As `npm run secrets` in a repository of these files, of which `untracked` isn't one of git's. */
async function searched(files: Readonly<Record<string, string>>, untracked: string) {
  const rules = readFileSync(join(root, '.secretlintrc.json'), 'utf8');
  const all = { ...files, '.secretlintrc.json': rules };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), text);
  symlinkSync(modules, join(folder, 'node_modules'));
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  const tracked = Object.keys(all).filter((name) => name !== untracked);
  execFileSync('git', ['add', ...tracked], { cwd: folder });
  const env = { ...process.env, PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter) };
  return new Promise<{ code: unknown; said: string }>((resolve) =>
    execFile('sh', ['-c', scripts.secrets], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, said: stdout + stderr }),
    ),
  );
}

it('a key in any file of the repository is found, by its place and not by its value', async () => {
  const key = randomBytes(16).toString('hex');
  // The rule for AWS takes none that ends with a slash or a plus
  const awsKey = randomBytes(30).toString('base64').replace(/[+/]/g, 'x');
  const files = {
    'keys.ts': `\nexport const apiKey = '${key}';\n`,
    'LOUD.MD': key.toUpperCase(),
    'a file.json': JSON.stringify({ url: `https://example.com/?k=${key}&v=1` }),
    'aws.sh': `export AWS_SECRET_ACCESS_KEY="${awsKey}"`,
    'harmless.ts': `'${randomBytes(32).toString('hex')}' '${key.slice(0, 12)}' ${'1'.repeat(8)}`,
    'untracked.ts': key,
  };
  const { code, said } = await searched(files, 'untracked.ts');
  expect(code).not.toBe(0);
  const found = Object.keys(files).filter((name) => said.includes(`/${name}\n`));
  expect(found).toEqual(['keys.ts', 'LOUD.MD', 'a file.json', 'aws.sh']);
  expect(said).toMatch(/keys\.ts\n +2:\d+ +error/);
  expect(said.toLowerCase()).not.toContain(key.slice(0, 12));
});

it('is a part of lint, which every commit is checked with', () => {
  expect(scripts.lint).toMatch(/&& npm run --silent secrets$/);
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain('npm run --silent lint\n');
});
