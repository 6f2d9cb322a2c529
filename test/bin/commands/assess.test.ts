import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk, KEYS } from '../desk/desk.ts';
import { asked, assessAnswers, refusal } from '../desk/emergency-functions.ts';
import { assessment, reader, TRUTH } from '../terminal/emergency-reports.ts';

let desk: Desk;
let folder: string;
beforeEach(async () => {
  desk = await Desk.open();
  folder = await mkdtemp(join(tmpdir(), 'assess-'));
  assessAnswers(desk.prod, assessment());
});
afterEach(async () => {
  await desk.close();
  await rm(folder, { recursive: true });
});

const ASSESS = ['assess', '--env', 'prod', '--key', 'server'];

describe('assess', () => {
  it('tells the truth first, then who used the key', async () => {
    const { code, stdout } = await desk.keyctl(ASSESS, { columns: 200 });
    expect(code).toBe(0);
    expect(stdout.startsWith(TRUTH)).toBe(true);
    expect(stdout).toContain('Who used prod/server, key 3f2a9c01b7de "Server 2026-08", in the 72');
    expect(stdout).toContain('Risk: HIGH');
  });

  it('asks for the last 72 hours of the current key unless told otherwise', async () => {
    await desk.keyctl(ASSESS);
    await desk.keyctl([...ASSESS, '--version', 'previous', '--hours', '720']);
    expect(asked(desk.prod, 'assess')).toEqual([
      { action: 'assess', key: 'server', hours: 72 },
      { action: 'assess', key: 'server', hours: 720, version: 'previous' },
    ]);
  });

  it.each([50, 80])('stays within %i columns, but for links and names', async (columns) => {
    const { stdout } = await desk.keyctl(ASSESS, { columns });
    const tooLong = stdout.split('\n').filter((line) => line.length > columns);
    expect(tooLong.filter((line) => line.trim().includes(' '))).toEqual([]);
  });

  it('gives the report as JSON as it is', async () => {
    const { code, ...report } = await desk.json(ASSESS);
    expect({ code, report }).toEqual({ code: 0, report: assessment() });
  });

  it('shows nothing that moves a cursor, and nothing of the shape of a key', async () => {
    const agent = `\u001b[2J${KEYS.prod}`;
    assessAnswers(desk.prod, assessment({ readers: [reader({ userAgents: [agent] })] }));
    const { said } = await desk.keyctl(ASSESS);
    expect(said).toContain('with \ufffd[2J[redacted]');
  });

  it("passes the function's refusals on", async () => {
    assessAnswers(desk.prod, refusal('THROTTLED', 'CloudTrail throttles us.'));
    const { code, error } = await desk.json(ASSESS);
    expect({ code, error }).toEqual({
      code: 1,
      error: { code: 'THROTTLED', message: 'CloudTrail throttles us.' },
    });
  });

  it('writes it down as Markdown too', async () => {
    const file = join(folder, 'impact.md');
    const { code, stdout } = await desk.keyctl([...ASSESS, '--report', file]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Report: ${file}`);
    expect(await readFile(file, 'utf8')).toContain(
      '# Impact assessment: Amplitude key prod/server',
    );
  });

  it('never to a file that is named by a key', async () => {
    const args = [...ASSESS, '--report', join(folder, `${KEYS.first}.md`)];
    const { code, said } = await desk.keyctl(args);
    expect(code).toBe(2);
    expect(said).toContain('The name of the report looks as if a key were in it.');
    expect(await readdir(folder)).toEqual([]);
    expect(desk.calls).toEqual([]);
  });

  it('never over another file', async () => {
    const file = join(folder, 'impact.md');
    await writeFile(file, 'of yesterday');
    const { code, error } = await desk.json([...ASSESS, '--report', file]);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'REPORT_EXISTS' });
    expect(desk.calls).toEqual([]);
  });
});
