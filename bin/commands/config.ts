import { parseEnvironments, readEnvironmentsFile, warningsOf } from '../../lib/config.ts';
import { type Explained, explain } from '../../lib/config-explain.ts';
import type { Command } from '../keyctl/command.ts';
import { chooseEnvironment, chooseKey } from '../keyctl/selection.ts';
import { type Row, table, wrap } from '../terminal/layout.ts';
import type { View } from '../terminal/terminal.ts';

const SOURCE: Record<Explained['source'], string> = {
  environment: 'environment',
  keyDefaults: "environment's keyDefaults",
  default: 'default',
  dataResidency: 'default of dataResidency',
};

export const config: Command = {
  name: 'config',
  group: 'More',
  summary: 'print the merged configuration and where each value came from',
  description:
    'Prints the configuration of an environment, merged with its defaults, and where each value came from. Asks nobody. A wrong file: all its faults at once.',
  examples: [
    ['config --env prod', 'everything of prod'],
    ['config --env prod --key server', 'one key'],
    ['config --env prod --json', 'for a program'],
  ],
  async run({ clock }, options) {
    const { environments: written, faults } = await readEnvironmentsFile(options.config);
    const environments = parseEnvironments(written, {
      file: options.config,
      ofReading: faults,
      now: clock.now(),
    });
    const environment = chooseEnvironment(environments, options);
    const prefix = options.key ? `keys.${chooseKey(environment, options).name}.` : '';
    const { name } = environment;
    const values = explain(environment, (written as Record<string, unknown>)[name]).filter(
      ({ path }) => path.startsWith(prefix),
    );
    const warnings = warningsOf(environment);
    return {
      json: { environment: name, values, warnings },
      text: (view) => [
        view.paint.bold(`Configuration of ${name}`),
        '',
        ...table(['FIELD', 'VALUE', 'FROM'], values.map(row), view, (row) => narrow(row, view)),
        ...warnings.flatMap((warning) => [
          '',
          ...wrap(`${view.paint.yellow('Note:')} ${warning}`, view.columns),
        ]),
      ],
    };
  },
};

const row = ({ path, value, source }: Explained) => ({
  cells: [path, shown(value, path), SOURCE[source]],
});

function narrow({ cells: [field, value, from] }: Row, { columns, paint }: View): string[] {
  return wrap(`${field}: ${value} ${paint.dim(`(${from})`)}`, columns, '  ', '  ');
}

function shown(value: unknown, path: string): string {
  if (value === null) return 'where the credentials point';
  const empty = path === 'accessGuard.allowedRanges' ? 'anywhere' : 'none';
  if (Array.isArray(value)) return value.length === 0 ? empty : value.join(', ');
  return String(value);
}
