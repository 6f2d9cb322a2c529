import { loadEnvironments } from '../../lib/config.ts';
import type { Command, Outcome } from '../keyctl/command.ts';
import { chooseEnvironment } from '../keyctl/selection.ts';
import { readKey } from '../operator/key-entry.ts';
import { type Gap, type Match, placeOf, search } from '../operator/search.ts';
import { table, wrap } from '../terminal/layout.ts';
import type { View } from '../terminal/terminal.ts';

export const which: Command = {
  name: 'which',
  group: 'Keys',
  summary: 'tell which environment and key a value belongs to',
  description:
    'Takes a key at a hidden prompt or from stdin, computes its fingerprint here, sends only that, and answers environment, key, version and state. Nothing is stored. Asks all environments, or the one of --env. Exit code 1: not found.',
  examples: [
    ['which', 'ask all environments; the key is typed at a hidden prompt'],
    ['which --env prod', 'ask one environment'],
    ['which --json < key.txt', 'the key comes from a file'],
  ],
  async run(context, options) {
    const config = await loadEnvironments(options.config);
    const asked = options.env ? [chooseEnvironment(config, options)] : Object.values(config);
    const { fingerprint } = await readKey(context.terminal, 'Key to look for');
    const found = await search(context, asked, fingerprint);
    const matches = found.matches.filter(({ key }) => key === (options.key ?? key));
    const searched = asked.map(({ name }) => name).filter((name) => !isGap(name, found.gaps));
    return outcome(fingerprint, searched, matches, found.gaps);
  },
};

/** A whole environment that couldn't be asked. */
const isGap = (name: string, gaps: readonly Gap[]) =>
  gaps.some(({ environment, key }) => environment === name && key === undefined);

function outcome(
  fingerprint: string,
  searched: readonly string[],
  matches: readonly Match[],
  gaps: readonly Gap[],
): Outcome {
  return {
    json: { fingerprint, matches, searched, notSearched: gaps },
    exitCode: matches.length > 0 ? 0 : 1,
    text: (view) => [
      ...(matches.length > 0
        ? foundIn(fingerprint, matches, view)
        : [notFound(fingerprint, searched)]),
      ...gaps.flatMap((gap) => ['', ...couldNotAsk(gap, view)]),
    ],
  };
}

function foundIn(fingerprint: string, matches: readonly Match[], view: View): string[] {
  const rows = matches.map(({ environment, key, state, name = '', versionId = '' }) => ({
    cells: [`${environment}/${key}`, state, name, versionId],
  }));
  return [
    `Key ${view.paint.bold(fingerprint)} is in:`,
    '',
    ...table(['KEY', 'STATE', 'NAME', 'VERSION'], rows, view),
  ];
}

const notFound = (fingerprint: string, searched: readonly string[]) =>
  searched.length > 0
    ? `Key ${fingerprint} was not found in ${searched.join(', ')}.`
    : `Key ${fingerprint} could not be looked for.`;

/** A search with a gap is no proof that a key is nowhere. */
const couldNotAsk = (gap: Gap, { columns, paint }: View): string[] =>
  wrap(`${paint.yellow('Not searched:')} ${placeOf(gap)}. ${gap.message}`, columns, '', '  ');
