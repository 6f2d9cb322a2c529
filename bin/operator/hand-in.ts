import type { SecretValue } from '../../lambda/domain/secret-value.ts';
import type { KeyReport } from '../../lambda/payloads.ts';
import type { Config, KeyConfig } from '../../lib/config.ts';
import type { Context } from '../keyctl/context.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { refuseKnownElsewhere, refuseKnownHere, requireAcceptedHere } from './candidate-check.ts';
import { inventory } from './inspect.ts';
import { readKey } from './key-entry.ts';
import { reportOf, stagedOf } from './own-key.ts';
import { type Gap, gapOf } from './search.ts';
import type { Session } from './session.ts';
import { putStaged } from './staged-parameter.ts';
import { requireAcceptedThere } from './staged-verdict.ts';

export interface HandedIn {
  /** What AWS knew of the key before. */
  readonly before: KeyReport;
  readonly fingerprint: string;
  /** Where it could not be looked for. */
  readonly gaps: readonly Gap[];
}

/**
 * Reads the next key at a hidden prompt or from stdin and stages it, once no environment knows it
 * and Amplitude accepts it.
 * @param name the key's name in Amplitude's UI
 * @throws Refusal KEY_STAGED_ALREADY, KEY_FORMAT, KEY_IN_USE_HERE, KEY_REJECTED …
 */
export async function handIn(
  context: Context,
  session: Session,
  environments: Config,
  key: KeyConfig,
  name: string,
): Promise<HandedIn> {
  const { config, environment } = session;
  const report = await inventory(session);
  const before = reportOf(session, key.name, report.keys, report.unreadable);
  refuseSecond(session, before);
  const value = await readKey(context.terminal, `Key for ${environment}/${key.name}`);
  const { fingerprint } = value;
  refuseKnownHere(report, key.name, fingerprint);
  const others = Object.values(environments).filter((other) => other !== config);
  const elsewhere = await refuseKnownElsewhere(context, others, fingerprint);
  await store(context, session, key, value, name);
  const here = report.unreadable.map(({ key, error }) => gapOf(environment, key, error));
  return { before, fingerprint, gaps: [...here, ...elsewhere] };
}

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
