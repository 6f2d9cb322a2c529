import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { roleName, tag } from '../lambda/contract.ts';
import { note } from '../lambda/domain/lifecycle/notes.ts';
import { createLog } from '../lambda/log.ts';
import { KNOWN_FIELDS } from '../lib/config-schema.ts';
import { invokeCommand } from '../lib/emergency-commands.ts';
import { resourcesOf, synthesize } from './lib/synthesized.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');
const headings = [...readme.matchAll(/^#{2,3} (.+)$/gm)].map(([, text = '']) => text);

/** Of the tables between a heading and the next one of its level. */
function firstCells(heading: string): string[] {
  const [, section = ''] = readme.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = '']) => cell);
}

/** Members of a union of string literals, as its file writes them. */
const membersOf = (path: string, type: string) => {
  const [, body = ''] = new RegExp(`type ${type} =([^;]+);`).exec(read(path)) ?? [];
  return [...body.matchAll(/'([A-Z_]+)'/g)].map(([, code = '']) => code);
};
const named = (cells: readonly string[]) =>
  new Set(cells.flatMap((cell) => [...cell.matchAll(/\w+/g)].map(([word]) => word)));

describe('the README has', () => {
  const alarms = resourcesOf(
    synthesize({ accessGuard: {}, relay: { key: 'web' } }),
    'AWS::CloudWatch::Alarm',
  );

  it.each(alarms.map(({ Properties }) => [Properties.AlarmName, Properties.AlarmDescription]))(
    'the runbook entry that alarm %s names',
    (_, description) => {
      const [, entry] = /Runbook: README, "([^"]+)"\./.exec(String(description)) ?? [];
      expect(headings).toContain(entry);
    },
  );

  it.each(readdirSync(join(root, 'bin', 'commands')).map((file) => basename(file, '.ts')))(
    'keyctl %s in its table',
    (command) => {
      expect(firstCells('keyctl')).toContain(`\`npx keyctl ${command}\``);
    },
  );

  it.each(Object.entries(KNOWN_FIELDS))('every field of an %s in its tables', (_, fields) => {
    const told = named(firstCells('Configuration'));
    expect(fields.filter((field) => !told.has(field))).toEqual([]);
  });

  it('every code of an error that is thrown, and of a refusal', () => {
    const sources = globSync('{lambda,lib/consumer}/**/*.ts', { cwd: root })
      .filter((path) => basename(path) !== 'errors.ts')
      .map(read)
      .join();
    const thrown = membersOf('lambda/domain/errors.ts', 'ErrorCode').filter((code) =>
      sources.includes(`'${code}'`),
    );
    const refused = membersOf('bin/keyctl/refusal.ts', 'RefusalCode');
    expect(Math.min(thrown.length, refused.length)).toBeGreaterThan(10);
    const told = named(firstCells('Troubleshooting'));
    expect([...thrown, ...refused].filter((code) => !told.has(code))).toEqual([]);
  });
});

describe('for an emergency the README has', () => {
  const [, policy = '{}'] = /^```json\n(\{\n {2}"Version".+?)^```$/ms.exec(readme) ?? [];
  const { Statement: statements = [] } = JSON.parse(policy);

  it("the command that the stack's outputs have, without keyctl", () => {
    expect(readme.replace(/\\\n\s*/g, '')).toContain(invokeCommand('prod'));
  });

  it('a policy of the organization that names the tags of a lockdown and of grants', () => {
    expect(statements[0].Condition['ForAnyValue:StringLike']).toEqual({
      'aws:TagKeys': [tag.lockdown, note.lockdown, tag.consumer(1).replace('1', '*')],
    });
  });

  it('and exempts roles that exist', () => {
    const names = resourcesOf(synthesize({ accessGuard: {} }), 'AWS::IAM::Role').map(
      (role) => role.Properties.RoleName,
    );
    expect(statements).toHaveLength(4);
    for (const { Condition } of statements) {
      const exempt = Condition.ArnNotLike['aws:PrincipalArn'].map((arn: string) =>
        arn.replace(/^.+role\//, '').replace('-prod-', '-dev-'),
      );
      expect(exempt).toContain(roleName('dev', 'emergency'));
      const own = exempt.filter((name: string) => name.startsWith('Amplitude'));
      expect(own.length).toBeGreaterThan(1);
      expect(names).toEqual(expect.arrayContaining(own));
    }
  });
});

describe('what the README points to is there:', () => {
  const anchors = headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );

  it.each([...readme.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor))(
    'section #%s',
    (anchor) => {
      expect(anchors).toContain(anchor);
    },
  );

  it.each([...readme.matchAll(/\btest\/[\w/-]+\.test\.ts/g)].map(([path]) => path))(
    'file %s',
    (path) => {
      expect(existsSync(join(root, path))).toBe(true);
    },
  );
});

describe('a log line lets through', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([...readme.matchAll(/metadata\.(\w+)/g)].map(([, field = '']) => field))(
    'metadata.%s, which the README searches for',
    (field) => {
      const printed = vi.spyOn(console, 'info').mockReturnValue();
      createLog('amplitude-rotation').info('Done', { [field]: 1 });
      expect(JSON.parse(String(printed.mock.calls[0]))).toMatchObject({ metadata: { [field]: 1 } });
    },
  );
});
