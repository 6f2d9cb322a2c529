import { type Sources, takenBy, textOf } from './sources.ts';

/** What makes an adapter: a function that returns an object with the methods of a port. */
export interface Factory {
  readonly name: string;
  /** Names of the ports' interfaces. */
  readonly implements: readonly string[];
  /** Actions of IAM by which its AWS calls go, by method. */
  readonly methods: ReadonlyMap<string, ReadonlySet<string>>;
}

const FACTORY = /export function (\w+)\([\s\S]*?\n?\): ([\w &]+) \{\n/y;

/** IAM's word for a call where it isn't the call's own. */
const ACTION: Readonly<Record<string, string>> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  'sqs:SendMessageBatch': 'sqs:SendMessage',
};

/** IAM's word for a service where it isn't the one in its package. */
const SERVICE: Readonly<Record<string, string>> = {
  'secrets-manager': 'secretsmanager',
  'cloudwatch-logs': 'logs',
  eventbridge: 'events',
};

export function factoriesOf(sources: Sources): Factory[] {
  return adapterFiles(sources).flatMap((file) =>
    [...declarationsOf(file, sources)].flatMap(([name, text]) => {
      FACTORY.lastIndex = 0;
      const [, , ports = ''] = FACTORY.exec(text) ?? [];
      if (!ports) return [];
      const methods = [...methodsIn(text)].map(
        ([method, body]) => [method, actionsOf(withLocals(body, text), file, sources)] as const,
      );
      return [{ name, implements: ports.split(' & '), methods: new Map(methods) }];
    }),
  );
}

/** All actions that are written anywhere, whether or not a method reaches them. */
export function actionsIn(sources: Sources): Set<string> {
  const files = [...sources.keys()];
  return new Set(files.flatMap((file) => [...directActions(textOf(file, sources), file, sources)]));
}

const adapterFiles = (sources: Sources) =>
  [...sources.keys()].filter((path) => path.startsWith('lambda/adapters/'));

/** The formatter begins every declaration of a file at the margin. */
function declarationsOf(file: string, sources: Sources): Map<string, string> {
  const parts = textOf(file, sources).split(
    /^(?=(?:export )?(?:async )?(?:function|class|const) )/m,
  );
  const named = parts.map((text) => [/(?:function|class|const) (\w+)/.exec(text)?.[1], text]);
  return new Map(named.slice(1) as [string, string][]);
}

/** The formatter indents the members of what a factory returns by four, unless it fits on a line. */
function methodsIn(factory: string): Map<string, string> {
  const [, only] = /^ {2}return \{ (.*) \};$/m.exec(factory) ?? [];
  const [, members = only ? `    ${only}` : ''] = factory.split(/^ {2}return \{\n/m);
  const parts = members.split(/^(?= {4}(?:async )?\w+[(:])/m);
  const named = parts.map((text) => [/^ {4}(?:async )?(\w+)[(:]/.exec(text)?.[1], text]);
  return new Map(named.filter(([name]) => name) as [string, string][]);
}

/** With what the factory declares before it returns, as far as a method uses it. */
function withLocals(method: string, factory: string): string {
  const [preamble = ''] = factory.split(/^ {2}return \{\n/m);
  const declared = preamble.split(/^(?= {2}(?:async )?(?:function|const) )/m).slice(1);
  const locals = new Map(
    declared.map((text) => [/(?:function|const) (\w+)/.exec(text)?.[1], text]),
  );
  let used = method;
  for (let more = true; more; ) {
    const found = [...locals].filter(
      ([name, text]) => !used.includes(text) && new RegExp(`(?<![.\\w])${name}\\b`).test(used),
    );
    used = [used, ...found.map(([, text]) => text)].join('\n');
    more = found.length > 0;
  }
  return used;
}

/** Of a piece of a file, with all of the adapters that it uses. */
function actionsOf(
  text: string,
  file: string,
  sources: Sources,
  seen = new Set<string>(),
): Set<string> {
  const found = directActions(text, file, sources);
  const here = [...declarationsOf(file, sources).keys()].map((name) => ({ name, from: file }));
  const used = [...here, ...takenBy(file, sources)].filter(
    ({ name, from }) =>
      from.startsWith('lambda/adapters/') && new RegExp(`(?<![.\\w])${name}\\b`).test(text),
  );
  for (const { name, from } of used) {
    const id = `${from} ${name}`;
    const body = declarationsOf(from, sources).get(name);
    if (seen.has(id) || body === undefined) continue;
    seen.add(id);
    for (const action of actionsOf(body, from, sources, seen)) found.add(action);
  }
  return found;
}

function directActions(text: string, file: string, sources: Sources): Set<string> {
  const taken = new Map(takenBy(file, sources).map(({ name, from }) => [name, from]));
  const uses = [...text.matchAll(/\b(?:new (\w+)Command|paginate(\w+))\(/g)];
  return new Set(
    uses.map(([written, command, paginated]) => {
      const name = command ? `${command}Command` : `paginate${paginated}`;
      const [, client] = /^@aws-sdk\/client-(.+)$/.exec(taken.get(name) ?? '') ?? [];
      if (!client) throw new Error(`${file}: ${written} is of no known package.`);
      const action = `${SERVICE[client] ?? client}:${command ?? paginated}`;
      return ACTION[action] ?? action;
    }),
  );
}
