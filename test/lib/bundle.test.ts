import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type FunctionNoun, GUARD_NOUN, nounsOf } from '../../lambda/contract.ts';
import { BUNDLING, bundle } from '../../lib/bundle.ts';
import { REPLACEABLE_EXPORTS } from '../../lib/tracing.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(noun: FunctionNoun, footer: string): string {
  const file = join(folder, `${noun}${footer.length}.cjs`);
  writeFileSync(file, bundle(noun, footer));
  return file;
}
const load = (file: string) => createRequire(import.meta.url)(file);

describe.each(nounsOf(true))('the bundle of %s', (noun) => {
  it('is loaded where no package is installed', () => {
    expect(load(written(noun, '')).handler).toBeTypeOf('function');
  });

  it('leaves out no package but those that look for credentials elsewhere than Lambda puts them', () => {
    const text = Buffer.from(bundle(noun, '')).toString();
    const imported = [...text.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, name = '']) => name);
    const packages = imported.filter((name) => !isBuiltin(name));
    expect([...new Set(packages)].toSorted()).toEqual(BUNDLING.external);
  });
});

it('EventBridge is in the bundles of those that announce a key or a quarantine, and not in the one that only reads', () => {
  const announcing = nounsOf(true).filter((noun) =>
    Buffer.from(bundle(noun, '')).toString().includes('PutEvents'),
  );
  expect(announcing).toEqual(['rotation', 'lifecycle', 'emergency', GUARD_NOUN]);
});

describe('the handler of a bundle', () => {
  const wrap = (file: string) => {
    const loaded = load(file);
    Object.defineProperty(loaded, 'handler', { value: () => 'wrapped', configurable: true });
    return loaded.handler();
  };

  it('can be wrapped by the layer', () => {
    expect(wrap(written('rotation', REPLACEABLE_EXPORTS))).toBe('wrapped');
  });

  it('could not without the footer', () => {
    const file = written('rotation', '');
    expect(() => wrap(file)).toThrow('Cannot redefine property: handler');
  });

  it('is found by name when Lambda imports the bundle instead of requiring it', async () => {
    const loaded = await import(written('inspect', REPLACEABLE_EXPORTS));
    expect(loaded.handler).toBeTypeOf('function');
  });
});
