import type { SecretValue } from '../../lambda/domain/secret-value.ts';
import type { KeyReport } from '../../lambda/payloads.ts';
import { type KeyConfig, loadEnvironments } from '../../lib/config.ts';
import type { Command } from '../keyctl/command.ts';
import type { Context } from '../keyctl/context.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { chooseEnvironment, chooseKey } from '../keyctl/selection.ts';
import {
  refuseKnownElsewhere,
  refuseKnownHere,
  requireAcceptedHere,
} from '../operator/candidate-check.ts';
import { inventory } from '../operator/inspect.ts';
import { readKey, readName } from '../operator/key-entry.ts';
import { reportOf, stagedOf } from '../operator/own-key.ts';
import { gapOf } from '../operator/search.ts';
import { openSession, type Session } from '../operator/session.ts';
import { putStaged } from '../operator/staged-parameter.ts';
import { requireAcceptedThere } from '../operator/staged-verdict.ts';
import { stageOutcome } from '../terminal/stage-outcome.ts';

export const stage: Command = {
  name: 'stage',
  summary: 'hand in the next key',
  description:
    'Takes a key at a hidden prompt, or one line from stdin, never as an argument. Checks its format, that no environment has or had it, and that Amplitude accepts it; only then stores it, encrypted, for the next rotation.',
  options: [['--name <name>', "the key's name in Amplitude's UI; asked for on a terminal"]],
  examples: [
    ['stage --env dev --key server', 'asks for name and key'],
    ['stage --env dev --key server --name "Server 2026-11"', 'asks for the key only'],
    ['stage --env dev --key server --name "Server 2026-11" < key.txt', 'the key from a file'],
  ],
  async run(context, options) {
    const all = await loadEnvironments(options.config);
    const config = chooseEnvironment(all, options);
    const key = chooseKey(config, options);
    const name = await readName(context.terminal, options.name);
    const session = await openSession(context, config);
    const report = await inventory(session);
    const before = reportOf(session, key.name, report.keys, report.unreadable);
    refuseSecond(session, before);
    const value = await readKey(context.terminal, `Key for ${config.name}/${key.name}`);
    refuseKnownHere(report, key.name, value.fingerprint);
    const others = Object.values(all).filter((other) => other !== config);
    const elsewhere = await refuseKnownElsewhere(context, others, value.fingerprint);
    await store(context, session, key, value, name);
    const here = report.unreadable.map(({ key, error }) => gapOf(config.name, key, error));
    return stageOutcome(before, {
      environment: config.name,
      fingerprint: value.fingerprint,
      name,
      gaps: [...here, ...elsewhere],
    });
  },
};

/** @throws Refusal KEY_STAGED_ALREADY: of two staged keys a rotation could not know which is meant */
function refuseSecond({ environment }: Session, report: KeyReport): void {
  const [staged] = stagedOf(report);
  if (!staged) return;
  const { fingerprint, name } = staged;
  const to = `--env ${environment} --key ${report.key}`;
  throw new Refusal(
    'KEY_STAGED_ALREADY',
    `Key ${fingerprint} ("${name}") is staged for ${environment}/${report.key} already, and one at a time can be. Promote it (npx keyctl rotate ${to}) or take it back (npx keyctl unstage ${to} --fingerprint ${fingerprint}).`,
  );
}

async function store(
  context: Context,
  session: Session,
  key: KeyConfig,
  value: SecretValue,
  name: string,
): Promise<void> {
  const progress = context.terminal.progress();
  progress.start('Asking Amplitude about the key');
  try {
    if (key.kind === 'ingestion') await requireAcceptedHere(context, session.config, key, value);
    await putStaged(session, key.name, value, name);
    if (key.kind === 'secret') await requireAcceptedThere(session, key.name, value.fingerprint);
  } catch (error) {
    progress.fail('Not staged');
    throw error;
  }
  progress.done('Amplitude accepts the key');
}
