import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../bin/cost/program.ts';
import { readTemplate } from '../../../bin/cost/template.ts';
import { FakeTerminal } from '../desk/fake-terminal.ts';
import { SMALL, templateOf } from './templates.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cost-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const KEY = '1f0e9d8c'.repeat(4);
const environment = {
  amplitude: { organization: 'acme', projectId: '100001', dataResidency: 'US' },
  keys: { web: { kind: 'ingestion', audience: 'server', owner: 'growth', purpose: 'events' } },
};

function fileOf(environments: object): string {
  const file = join(folder, `${Math.abs(hashOf(JSON.stringify(environments)))}.mjs`);
  writeFileSync(file, `export const environments = ${JSON.stringify(environments)};`);
  return file;
}
const hashOf = (text: string) =>
  [...text].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) | 0, 7);

const DEV_AND_PROD = { dev: environment, prod: { ...environment, region: 'eu-central-1' } };

interface Run {
  readonly environments?: object;
  readonly resources?: Parameters<typeof templateOf>[0];
  readonly columns?: number;
}

async function cost(args: readonly string[], more: Run = {}) {
  const { environments = DEV_AND_PROD, resources = SMALL, columns = 80 } = more;
  const terminal = new FakeTerminal({ columns });
  const stack = readTemplate(templateOf(resources));
  const code = await run(['--config', fileOf(environments), ...args], {
    terminal,
    synthesize: async (all) => all.map(() => stack),
  });
  return { code, stdout: terminal.stdout, stderr: terminal.stderr };
}

describe('npm run cost', () => {
  it('prints each environment line by line, and the sums of the years', async () => {
    const { code, stdout, stderr } = await cost([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('list prices of November 2026 in us-east-1');
    expect(stdout).toMatch(/^ {2}KMS keys {2,}1 {2,}\$1\.00 {2,}\$1\.00$/m);
    expect(stdout).toMatch(/^ {2}Secrets Manager calls .*\$0\.05 per 10,000 .*\$0\.01$/m);
    expect(stdout).toMatch(/^ {2}base and 1 key( +\$\d+\.\d\d){3}$/m);
    expect(stdout).toMatch(/^ {2}all environments( +\$\d+\.\d\d){3}$/m);
    expect(stdout).toContain('prod, from the third year on; prices differ in eu-central-1');
  });

  it.each([40, 80])('fits %i columns', async (columns) => {
    const { stdout } = await cost([], { columns });
    expect(Math.max(...stdout.split('\n').map((text) => text.length))).toBeLessThanOrEqual(columns);
  });

  it('prints one environment, and what it assumes of the readers', async () => {
    const { stdout } = await cost(['--env', 'prod', '--reads', '50000']);
    expect(stdout).not.toContain('dev, from');
    expect(stdout).toContain('Consumers read each key 50,000 times a month');
  });

  it('prints one JSON document for a program', async () => {
    const { stdout } = await cost(['--json']);
    const { environments, total, prices } = JSON.parse(stdout);
    expect(prices).toEqual({ month: 'November 2026', region: 'us-east-1' });
    expect(environments).toMatchObject([{ environment: 'dev' }, { environment: 'prod' }]);
    expect(environments[0].lines[0]).toMatchObject({
      what: 'KMS keys',
      cost: [1, 1, 1],
      price: { source: 'https://aws.amazon.com/kms/pricing/' },
    });
    expect(total[2]).toBeCloseTo(environments[0].total[2] * 2);
  });

  it('gives the free dashboards of an account to its first three environments', async () => {
    const accounts = { a: '111111111111', b: '111111111111', c: '222222222222' };
    const four = ['dev', 'test', 'qa', 'prod'].map((name) => [name, environment]);
    const other = [['other', { ...environment, account: accounts.c }]];
    const { stdout } = await cost(['--json'], {
      environments: Object.fromEntries([...four, ...other]),
    });
    const billed = JSON.parse(stdout).environments.map(
      ({ lines }: { lines: { what: string; counts: number[] }[] }) =>
        lines.find(({ what }) => what.startsWith('dashboards'))?.counts[0],
    );
    expect(billed).toEqual([0, 0, 0, 1, 0]);
  });

  it('says what it has no price for, and ends with 1', async () => {
    const bucket = { ...SMALL, Bucket: ['AWS::S3::Bucket'] } as const;
    const { code, stdout } = await cost(['--env', 'dev'], { resources: bucket });
    expect(code).toBe(1);
    expect(stdout).toContain('Not counted: AWS::S3::Bucket.');
    const { unpriced } = JSON.parse((await cost(['--json'], { resources: bucket })).stdout);
    expect(unpriced).toEqual(['AWS::S3::Bucket']);
  });

  it('has help with examples', async () => {
    const { code, stdout } = await cost(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('npm run cost -- --env prod');
  });

  it.each([
    [['--env', 'qa'], 'There is no environment "qa". There are: dev, prod.'],
    [['--env'], "option '--env <name>' argument missing"],
    [['--reads', 'many'], '--reads takes a whole number from 0 on'],
    [['--reads', '-1'], '--reads takes a whole number from 0 on'],
    [['--reeds', '1'], 'There is no option "--reeds". Did you mean --reads?'],
    [['prod'], 'Commands take options only'],
    [['--env', KEY], 'looks like a key'],
  ])('%j is wrong use', async (args, words) => {
    const { code, stdout, stderr } = await cost(args, { columns: 400 });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^cost: .*\[WRONG_USE\]\n$/);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain(KEY);
  });

  it('tells all faults of a wrong file, as one document if asked to', async () => {
    const environments = { dev: { ...environment, account: '12', region: '?' } };
    const { code, stdout } = await cost(['--json'], { environments });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'CONFIG_INVALID',
      faults: [{ path: 'dev.account' }, { path: 'dev.region' }],
    });
  });

  it('says so when the fault is its own', async () => {
    const terminal = new FakeTerminal({ columns: 400 });
    const synthesize = () => Promise.reject(new TypeError(KEY));
    const code = await run(['--config', fileOf(DEV_AND_PROD)], { terminal, synthesize });
    expect(code).toBe(1);
    expect(terminal.stderr).toContain('A fault of cost itself (TypeError');
    expect(terminal.stderr).not.toContain(KEY);
  });

  it('is a program that prices the shipped environments', () => {
    const { status, stdout } = spawnSync(process.execPath, ['bin/cost.ts', '--json'], {
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    const { environments, unpriced } = JSON.parse(stdout);
    expect(unpriced).toEqual([]);
    const found = environments.map(({ environment: name, keys }: never) => [name, keys]);
    expect(found).toEqual([
      ['dev', 1],
      ['test', 1],
      ['prod', 3],
    ]);
  }, 30_000);
});
