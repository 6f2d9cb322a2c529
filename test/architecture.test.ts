import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Import {
  readonly from: string;
  /** A path from the root for a file of ours, else the package's name as written. */
  readonly what: string;
  readonly typeOnly: boolean;
}

const IMPORT = /^(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]/g;

function importsOf(file: string): Import[] {
  const source = readFileSync(join(root, file), 'utf8');
  const resolve = (what: string) =>
    what.startsWith('.') ? normalize(join(dirname(file), what)) : what;
  return [
    ...[...source.matchAll(IMPORT)].map(([, type, what = '']) => ({
      from: file,
      what: resolve(what),
      typeOnly: type !== undefined,
    })),
    ...[...source.matchAll(DYNAMIC)].map(([, what = '']) => ({
      from: file,
      what: resolve(what),
      typeOnly: false,
    })),
  ];
}

const filesOf = (pattern: string) => globSync(pattern, { cwd: root });
const importsIn = (pattern: string) => filesOf(pattern).flatMap(importsOf);
const told = (imports: Import[]) => imports.map(({ from, what }) => `${from} imports ${what}`);

/** Imports among `pattern`'s files that none of the allowed prefixes covers. */
function strangers(pattern: string, allowed: readonly string[]): string[] {
  const welcome = ({ what }: Import) => allowed.some((prefix) => what.startsWith(prefix));
  return told(importsIn(pattern).filter((one) => !welcome(one)));
}

describe('the arrows of the house', () => {
  it('are found at all: every room imports something', () => {
    const rooms = ['bin', 'lib', 'lib/consumer', 'lambda/domain', 'lambda/adapters'];
    for (const room of [...rooms, 'lambda/handlers']) {
      expect(importsIn(`${room}/**/*.ts`).length, room).toBeGreaterThan(1);
    }
  });

  it('the contract imports nothing', () => {
    expect(importsOf('lambda/contract.ts')).toEqual([]);
  });

  it('the domain imports the domain and the contract, and SHA-256 in one place', () => {
    const allowed = ['lambda/domain/', 'lambda/contract.ts', 'lambda/payloads.ts'];
    const found = strangers('lambda/domain/**/*.ts', allowed);
    expect(found).toEqual(['lambda/domain/secret-value.ts imports node:crypto']);
  });

  it('the domain asks no clock, no environment and no network of its own', () => {
    const impure = /Date\.now|new Date\(\)|process\.|\bfetch\(|console\.|Math\.random|setTimeout/;
    const files = filesOf('lambda/domain/**/*.ts');
    const found = files.filter((file) => impure.test(readFileSync(join(root, file), 'utf8')));
    expect(found).toEqual([]);
  });

  it('the adapters import domain, contract, SDK and libraries, a file in one place, and the ports as types only', () => {
    const allowed = [
      'lambda/adapters/',
      'lambda/domain/',
      'lambda/contract.ts',
      'lambda/payloads.ts',
      '@aws-sdk/',
      'zod/mini',
      'p-retry',
      'ipaddr.js',
      'pbf',
      'node:util',
      'node:zlib',
      'mmdb-lib',
    ];
    const found = strangers('lambda/adapters/**/*.ts', allowed);
    expect(found).toEqual(['lambda/adapters/geo-database.ts imports node:fs']);
    const ports = importsIn('lambda/adapters/**/*.ts').filter(({ what }) =>
      what.endsWith('/ports.ts'),
    );
    expect(told(ports.filter(({ typeOnly }) => !typeOnly))).toEqual([]);
  });

  it('only adapters call the SDK in lambda; the runtimes build its clients', () => {
    const sdk = importsIn('lambda/**/*.ts').filter(({ what }) => what.startsWith('@aws-sdk/'));
    const outside = sdk.filter(({ from }) => !from.startsWith('lambda/adapters/'));
    expect([...new Set(outside.map(({ from }) => from))].sort()).toEqual([
      'lambda/access-guard-runtime.ts',
      'lambda/assess-runtime.ts',
      'lambda/emergency-runtime.ts',
      'lambda/inspect-runtime.ts',
      'lambda/lifecycle-runtime.ts',
      'lambda/relay-intake-runtime.ts',
      'lambda/relay-sender-runtime.ts',
      'lambda/rotation-runtime.ts',
      'lambda/runtime.ts',
    ]);
  });

  it('the handlers reach adapters through the runtime only', () => {
    const found = importsIn('lambda/handlers/**/*.ts').filter(
      ({ what }) => what.startsWith('lambda/adapters/') || what.startsWith('@aws-sdk/'),
    );
    expect(told(found)).toEqual([]);
  });

  it('lib imports nothing of lambda but the contract', () => {
    const found = importsIn('lib/*.ts').filter(({ what }) => what.startsWith('lambda/'));
    expect(told(found.filter(({ what }) => what !== 'lambda/contract.ts'))).toEqual([]);
  });

  it('what consumers run stands alone: it takes errors and labels, and nothing takes it', () => {
    const allowed = [
      'lib/consumer/',
      'lambda/domain/errors.ts',
      'lambda/domain/keyless.ts',
      'lambda/domain/labels.ts',
      'lambda/adapters/aws-error.ts',
      '@',
    ];
    expect(strangers('lib/consumer/**/*.ts', allowed)).toEqual([]);
    const outside = importsIn('{bin,lambda,lib}/**/*.ts').filter(
      ({ from, what }) => what.startsWith('lib/consumer/') && !from.startsWith('lib/consumer/'),
    );
    expect(told(outside)).toEqual([]);
  });

  it('consumers install what they run, and nothing else', () => {
    const { dependencies, peerDependencies } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    );
    const packages = importsIn('lib/consumer/**/*.ts').flatMap(
      ({ what }) => /^@[^/]+\/[^/]+/.exec(what)?.[0] ?? [],
    );
    const installed = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
    expect([...new Set(packages)].sort()).toEqual(installed.sort());
  });

  it('bin takes no handler, no runtime and no adapter but those it says', () => {
    const welcome = [
      'lambda/contract.ts',
      'lambda/payloads.ts',
      'lambda/domain/',
      'lambda/adapters/amplitude.ts',
      'lambda/adapters/aws-error.ts',
    ];
    const found = importsIn('bin/**/*.ts').filter(
      ({ what }) =>
        what.startsWith('lambda/') && !welcome.some((prefix) => what.startsWith(prefix)),
    );
    expect(told(found)).toEqual([]);
  });

  it('nothing of the product imports a test', () => {
    const product = [...importsIn('{bin,lib,lambda}/**/*.ts')];
    expect(told(product.filter(({ what }) => what.startsWith('test/')))).toEqual([]);
  });

  it('there is no drawer folder and no barrel', () => {
    const drawer =
      /(^|\/)(utils?|common|types|constants|stacks|helpers|shared)(\/|\.ts$)|(^|\/)index\.ts$/;
    const files = filesOf('{bin,lib,lambda,test}/**/*.ts').map((file) => relative('.', file));
    expect(files.filter((file) => drawer.test(file))).toEqual([]);
  });
});
