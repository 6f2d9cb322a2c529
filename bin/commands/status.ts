import { loadEnvironments } from '../../lib/config.ts';
import type { Command } from '../keyctl/command.ts';
import { chooseEnvironment, chooseKeys } from '../keyctl/selection.ts';
import { inventory } from '../operator/inspect.ts';
import { openSession } from '../operator/session.ts';
import { type StatusReport, statusPage } from '../terminal/status-page.ts';

export const status: Command = {
  name: 'status',
  group: 'Keys',
  summary: 'show where every key stands and what to do next',
  description:
    'Shows for every key of the environment, or one: what is current, pending, staged and retained, labels, ages, its timeline, the next rotation, and what a person has to do next; and whether the access guard, where there is one, sees reads, and how many it has quarantined; and where to see how a relay of the key stands. Times are UTC. Exit code 1: a key could not be read.',
  examples: [
    ['status --env prod', 'all keys'],
    ['status --env prod --key server', 'one key'],
    ['status --env prod --json', 'for a program'],
  ],
  async run(context, options) {
    const config = chooseEnvironment(await loadEnvironments(options.config), options);
    const configured = chooseKeys(config, options).map(({ name }) => name);
    const { relay } = config;
    const session = await openSession(context, config);
    const asked = options.key === undefined ? undefined : configured[0];
    const { unreadable, ...report } = await inventory(session, asked);
    const missing = new Set(
      unreadable.filter(({ error }) => error.code === 'SECRET_NOT_FOUND').map(({ key }) => key),
    );
    const deployed = new Set([...report.keys, ...unreadable].map(({ key }) => key));
    const status: StatusReport = {
      ...report,
      account: session.account,
      region: session.region,
      ...(relay && configured.includes(relay.key) ? { relay: { key: relay.key } } : {}),
      unreadable: unreadable.filter(({ key }) => !missing.has(key)),
      notDeployed: configured.filter((key) => missing.has(key) || !deployed.has(key)),
      notConfigured: [...deployed].filter((key) => !configured.includes(key)),
    };
    return {
      json: status,
      exitCode: status.unreadable.length > 0 ? 1 : 0,
      text: (view) => statusPage(status, view),
    };
  },
};
