import { describe, expect, it } from 'vitest';
import { yaml } from '../../../bin/terminal/yaml.ts';

describe('yaml', () => {
  it('indents objects within objects, and lists of them', () => {
    const value = {
      region: 'eu-west-1',
      metrics: [{ name: 'a', select: { of: ['x'] } }, { name: 'b' }],
    };
    expect(yaml(value)).toEqual([
      'region: "eu-west-1"',
      'metrics:',
      '  - name: "a"',
      '    select:',
      '      of: ["x"]',
      '  - name: "b"',
    ]);
  });

  it.each([
    ['no', '"no"'],
    ['12:30', '"12:30"'],
    ['a: b # c', '"a: b # c"'],
    ['say "x"\n', '"say \\"x\\"\\n"'],
    [-3, '-3'],
    [true, 'true'],
    [[], '[]'],
    [{}, '{}'],
  ])('writes %j so that it is read as the same', (value, written) => {
    expect(yaml({ key: value })).toEqual([`key: ${written}`]);
  });

  it('takes lists of mixed and of nested lists', () => {
    expect(yaml([1, { a: 2 }, [{ b: 3 }]])).toEqual(['- 1', '- a: 2', '- - b: 3']);
  });
});
