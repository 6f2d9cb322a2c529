import { payloadOf } from '../../aws/fakes/lambda.ts';

/** The options of every command that take a word. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  stage: ['name'],
  unstage: ['fingerprint'],
  rotate: [],
  status: [],
  verify: [],
  which: [],
  readers: ['unused-days'],
  revoke: ['reason', 'version', 'hours', 'report'],
  assess: ['version', 'hours', 'report'],
  lockdown: ['scope', 'reason'],
  unlock: ['scope', 'reason'],
  'quarantine list': [],
  'quarantine release': ['reason'],
  'relay status': [],
  'relay replay': [],
  'relay token': [],
  rollback: ['reason', 'version'],
  history: ['since'],
  config: [],
  prometheus: [],
};
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  'quarantine release': ['0123abcd'],
};
const SHARED = ['env', 'key', 'config'];
const MEANT: Readonly<Record<string, string>> = { reason: 'leaked', name: 'web, next' };

/** Command lines with a key wherever one may be typed by mistake. */
export function pastedLines(key: string): string[][] {
  return Object.entries(OPTIONS).flatMap(([command, own]) => {
    const given = own.flatMap((option) => (MEANT[option] ? [`--${option}`, MEANT[option]] : []));
    const words = command.split(' ');
    const typed = [...words, ...(ARGUMENTS[command] ?? [])];
    const meant = [...typed, '--env', 'dev', '--key', 'web', ...given];
    return [
      ...[...SHARED, ...own].flatMap((option) => pastedInto(meant, option, key)),
      [...words, key],
      [...meant, key, '--json'],
      [...meant, `--${key}`],
      [...meant, `--api-key=${key}`, '--json'],
      [...meant, '-k', key],
      [...meant, `-${key}`],
      [key, ...words],
      [`${command}${key}`],
    ];
  });
}

function pastedInto(meant: readonly string[], option: string, key: string): string[][] {
  const folder = option === 'report' ? 'FOLDER/' : '';
  return [
    [...meant, `--${option}`, key],
    [...meant, `--${option}=${folder}${key}-old`, '--json'],
    [...meant, `--${option}`, `${folder}it was ${key.toUpperCase()}`],
  ];
}

/** What may be piped or typed in place of a key, all of it holding one. */
export const oddKeys = (key: string): string[] => [
  key.toUpperCase(),
  ` ${key}`,
  `${key}\n${key}\n`,
  `${key}${key}`,
  key.slice(1),
  `apiKey=${key}`,
  JSON.stringify({ apiKey: key }),
];

/** What Lambda may answer in the place of a report. */
export const oddAnswers = (key: string): object[] => [
  { FunctionError: 'Unhandled', Payload: payloadOf({ errorType: 'Error', errorMessage: key }) },
  { FunctionError: 'Unhandled', Payload: payloadOf({ errorType: key, errorMessage: key }) },
  {
    FunctionError: 'Unhandled',
    Payload: payloadOf({ errorType: 'KEY_FORMAT', errorMessage: key }),
  },
  { FunctionError: key, Payload: payloadOf(key) },
  { Payload: new TextEncoder().encode(`<html>${key}</html>`) },
  { Payload: payloadOf(key) },
  { Payload: payloadOf({ keys: key, checks: key, plan: key }) },
  {
    Payload: payloadOf({
      keys: [{ key, versions: [] }],
      unreadable: [{ key, error: { message: key } }],
    }),
  },
];

/** Files of environments that don't load, or are no configuration. */
export const oddFiles = (key: string): string[] => [
  `export const environments = { dev: { key: a${key} } };`,
  `export const environments = { dev: { key: ${key} } };`,
  `export const environments = { dev: { '${key}' 'dev' } };`,
  `export const environments = { 'a${key}': 1, 'a${key}': 2 };`,
  `export const environments = { dev: { amplitude: { organization: '${key} } } };`,
  `const a${key} = 1; const a${key} = 2;`,
  `import environments from './${key}.mjs'; export { environments };`,
  `throw new Error('${key}');`,
  `export const environments = { dev: '${key}' };`,
  `export const environments = JSON.parse('{"key": ${key}}');`,
];
