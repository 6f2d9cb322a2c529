import { dirname, join } from 'node:path';
import type { FunctionNoun } from '../../../lambda/contract.ts';
import { type Factory, factoriesOf } from './adapters.ts';
import { reachedFrom, type Sources, takenBy, textOf } from './sources.ts';

/** One method of a port that a function calls, and the adapter behind it. */
export interface Call {
  /** `secrets.describe` */
  readonly method: string;
  readonly factory: string;
  /** Actions of IAM. */
  readonly actions: ReadonlySet<string>;
}

/** What the code of a function calls, from its handler on. */
export function callsOf(noun: FunctionNoun, sources: Sources): Call[] {
  const reached = [...reachedFrom(`lambda/handlers/${noun}.ts`, sources)];
  const runtimes = reached.filter(isRuntime);
  const wired = runtimes.flatMap((path) => takenBy(path, sources)).map(({ name }) => name);
  const adapters = factoriesOf(sources).filter(({ name }) => wired.includes(name));
  const code = reached.filter(
    (path) => /^lambda\/(domain|handlers)\//.test(path) || takesPort(path, sources),
  );
  const beside = code.map((path) => join(dirname(path), 'ports.ts'));
  const declaring = beside.filter((path) => sources.has(path));
  const ports = portsOf([...runtimes, ...code, ...new Set(declaring)], sources);
  const used = new Set(code.flatMap((path) => methodsUsed(path, sources, ports, adapters)));
  return [...used].flatMap((method) => implementing(method, ports, adapters));
}

const isRuntime = (path: string) => /^lambda\/([\w-]+-)?runtime\.ts$/.test(path);

/** An adapter that asks another one. */
const takesPort = (path: string, sources: Sources) =>
  path.startsWith('lambda/adapters/') && portsOf([path], sources).size > 0;

/** Interfaces of a port's name, which differ by function: `cmk` is a Cmk or a CmkSwitch. */
type Ports = ReadonlyMap<string, ReadonlySet<string>>;

function portsOf(paths: readonly string[], sources: Sources): Ports {
  const declaring = [...sources.keys()].filter((path) =>
    /^lambda\/domain\/.*ports\.ts$/.test(path),
  );
  const interfaces = declaring.flatMap((path) =>
    [...textOf(path, sources).matchAll(/^export interface (\w+)/gm)].map(([, name]) => name),
  );
  const fields = paths.flatMap((path) => [
    ...textOf(path, sources).matchAll(/^ {2}readonly #?(\w+)\??: (?:Pick<)?(\w+)[;,]/gm),
  ]);
  const ports = fields.filter(([, , type]) => interfaces.includes(type));
  const byName = Map.groupBy(ports, ([, name = '']) => name);
  return new Map(
    [...byName].map(([name, all]) => [name, new Set(all.map(([, , type = '']) => type))]),
  );
}

/** A call is found by its port's name, so a port must have no other. */
function methodsUsed(path: string, sources: Sources, ports: Ports, adapters: readonly Factory[]) {
  const text = textOf(path, sources);
  return [...ports].flatMap(([port, types]) => {
    const behind = of(types, adapters);
    // What calls nothing of AWS may go by any name
    if (behind.flatMap(({ methods }) => [...methods.values()]).every(({ size }) => size === 0)) {
      return [];
    }
    refuseOtherNames(path, text, port, types, ports);
    const known = behind.flatMap(({ methods }) => [...methods.keys()]);
    return [...text.matchAll(new RegExp(`\\b${port}\\??\\s*\\.\\s*(\\w+)`, 'g'))]
      .filter(([, method = '']) => known.includes(method))
      .map(([, method]) => `${port}.${method}`);
  });
}

function refuseOtherNames(
  path: string,
  text: string,
  port: string,
  types: ReadonlySet<string>,
  ports: Ports,
) {
  const declared = [
    ...text.matchAll(new RegExp(`(\\w+)\\??: (?:${[...types].join('|')})\\b`, 'g')),
  ];
  const other = declared.find(([, name = '']) => !ports.has(name));
  const ways = [
    new RegExp(`\\b${port}: [a-z]\\w*\\s*(,[^{}]*)?\\}\\s*[=:]`),
    new RegExp(`(?<!#${port} )=\\s*(?:\\w+\\.)*${port}\\s*[;,)]`),
    new RegExp(`\\b${port}\\s*\\[`),
  ];
  const written = other?.[0] ?? ways.map((way) => way.exec(text)?.[0]).find(Boolean);
  if (written) throw new Error(`${path}: the port ${port} goes by another name here: ${written}`);
}

const of = (types: ReadonlySet<string>, adapters: readonly Factory[]) =>
  adapters.filter((adapter) => adapter.implements.some((type) => types.has(type)));

function implementing(written: string, ports: Ports, adapters: readonly Factory[]): Call[] {
  const [port = '', method = ''] = written.split('.');
  return of(ports.get(port) ?? new Set(), adapters).flatMap(({ name, methods }) => {
    const actions = methods.get(method);
    return actions ? [{ method: written, factory: name, actions }] : [];
  });
}
