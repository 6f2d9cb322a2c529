import { describe, expect, it } from 'vitest';
import { KeysError } from '../../../lambda/domain/errors.ts';
import { ofJson, ofText } from './inputs.ts';
import type { Parser } from './parser.ts';
import { search } from './search.ts';

const found = async <Input>(parser: Parser<Input>, { runs = 200, families = 0 } = {}) => {
  const { violations } = await search(parser, { seed: 90, runs, families });
  return violations.map(({ how }) => how).join('\n');
};

const malformed = (text: string) => new KeysError('EVENT_MALFORMED', `It is malformed${text}.`);

function documentIn(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('');
  }
}

/** The name in a document, or a typed error. */
function careful(text: string): string {
  const { name } = Object(documentIn(text));
  if (typeof name === 'string') return name;
  throw malformed('');
}

const JSON_FORM = { name: 'planted', limit: 65_536 };

describe('a search of a parser', () => {
  it('finds nothing in one that is careful', async () => {
    const parser = ofJson([{ name: 'web' }], { ...JSON_FORM, parse: careful });
    expect(await found(parser, { families: 3 })).toBe('');
  });

  it('finds what throws a TypeError, and tells by which input and how to see it again', async () => {
    const parse = (text: string) => documentIn(text).name.trim();
    const how = await found(ofJson([{ name: 'web', more: [1, 2] }], { ...JSON_FORM, parse }));
    expect(how).toMatch(
      /^it threw TypeError, no typed error: .+\ninput: .+\nfound by seed 90, path/,
    );
  });

  it('finds an expression that goes back again and again', async () => {
    const parse = (text: string) => /^(\w+,?)+$/.test(text);
    const parser = ofText(['aaaa'], { ...JSON_FORM, boundMs: 20, parse });
    expect(await found(parser, { runs: 1, families: 2 })).toMatch(/it took \d+ ms, more than 20/);
  });

  it('finds time that grows with the square of the input', async () => {
    const parse = (text: string) => /\w+!$/.test(text);
    const parser = ofText(['aaaa'], { name: 'planted', limit: 9_000, boundMs: 10_000, parse });
    expect(await found(parser, { runs: 1, families: 2 })).toMatch(/ms for a tenth of it/);
  });

  it('finds what needs far more memory than its input', async () => {
    // Unsafe, since filling it with zeros takes long enough to be the fault that is told
    const parse = ({ length }: string) =>
      length > 50_000 ? Buffer.allocUnsafe(100 * 2 ** 20) : undefined;
    const parser = ofText(['a'], { ...JSON_FORM, boundMs: 10_000, parse });
    expect(await found(parser, { runs: 1, families: 1 })).toMatch(/it took \d+ MB of the heap/);
  });

  it('finds an error that repeats a key, and repeats it neither', async () => {
    const parse = (text: string) => {
      throw malformed(`: ${text}`);
    };
    const how = await found(ofJson([{ name: 'web' }], { ...JSON_FORM, parse }));
    expect(how).toContain('it repeats what may be a key');
    expect(how).not.toMatch(/[0-9a-f]{32}/);
  });

  it('finds what changes all objects, and changes it back', async () => {
    const settings = { web: {} } as Record<string, Record<string, unknown>>;
    const parse = (text: string) => Object.assign(settings[careful(text)] ?? {}, { planted: true });
    const how = await found(ofJson([{ name: 'web' }], { ...JSON_FORM, parse }), { runs: 500 });
    expect(how).toContain('Object.prototype got planted');
    expect({}).not.toHaveProperty('planted');
  });

  it('finds a result of no form', async () => {
    const fault = (days: unknown) => (Number.isFinite(days) ? undefined : 'no number of days');
    const parser = ofText(['30'], { name: 'planted', limit: 256, parse: Number, fault });
    expect(await found(parser)).toContain('no number of days');
  });
});
