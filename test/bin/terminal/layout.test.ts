import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { table, wrap } from '../../../bin/terminal/layout.ts';

const view = (columns: number) => ({ columns, paint: pc.createColors(false), now: new Date(0) });

describe('wrap', () => {
  it('breaks at spaces and indents what follows', () => {
    expect(wrap('one two three', 9, ' ', '  ')).toEqual([' one two', '   three']);
  });

  it('keeps a command on one line, so that it can be copied', () => {
    const text = 'Promote it: npx keyctl rotate --env dev --key web. Or not';
    expect(wrap(text, 20)).toEqual([
      'Promote it:',
      'npx keyctl rotate --env dev --key web.',
      'Or not',
    ]);
  });

  it.each([
    'npx keyctl lockdown --env dev --key web --reason "leaked in a log"',
    'npx keyctl quarantine list --env dev',
    'npx keyctl relay status --env dev',
    'npx keyctl quarantine release 0123abcd --env dev --reason "our own"',
    'aws sts assume-role --role-arn arn:aws:iam::1:role/x --source-identity <your-name>',
    'aws ecs update-service --cluster dify --service web --force-new-deployment',
  ])('keeps what an option takes with it: %s', (command) => {
    expect(wrap(`Now: ${command}. Or not`, 20)).toEqual(['Now:', `${command}.`, 'Or not']);
  });

  it('counts no colour as width', () => {
    const red = pc.createColors(true).red('one');
    expect(wrap(`${red} two`, 7)).toEqual([`${red} two`]);
  });
});

describe('table', () => {
  const rows = [
    { cells: ['current', 'abc', 'A name'], note: 'LABEL' },
    { cells: ['staged', 'def', ''] },
  ];

  it('aligns columns where they fit', () => {
    expect(table(['STATE', 'KEY', 'NAME'], rows, view(80))).toEqual([
      '  STATE    KEY  NAME',
      '  current  abc  A name',
      '           LABEL',
      '  staged   def',
    ]);
  });

  it('gives each row a block where they do not', () => {
    expect(table(['STATE', 'KEY', 'NAME'], rows, view(20))).toEqual([
      '  current  abc',
      '    name  A name',
      '    LABEL',
      '  staged  def',
    ]);
  });

  it('has room for as many rows as an audit trail of years', () => {
    const many = Array.from({ length: 200_000 }, () => ({ cells: ['a', 'b', 'c'] }));
    expect(table(['STATE', 'KEY', 'NAME'], many, view(80))).toHaveLength(200_001);
  });
});
