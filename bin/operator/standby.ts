import type { EmergencyReport } from '../../lambda/payloads.ts';
import type { Config, KeyConfig } from '../../lib/config.ts';
import type { Context } from '../keyctl/context.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { wrap } from '../terminal/layout.ts';
import { handIn } from './hand-in.ts';
import { readName } from './key-entry.ts';
import type { Session } from './session.ts';

/**
 * A current key is replaced by a staged one. Where none is staged, a person on a terminal is asked
 * for it.
 * @throws Refusal NOTHING_STAGED with what can be done now, or what is wrong with the key
 */
export async function withStandby(
  context: Context,
  session: Session,
  environments: Config,
  key: KeyConfig,
  revoke: () => Promise<EmergencyReport>,
): Promise<EmergencyReport> {
  try {
    return await revoke();
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'NOTHING_STAGED') throw error;
    if (!context.terminal.interactive) throw nothingStaged(session, key.name);
  }
  await askForNext(context, session, environments, key);
  return revoke();
}

async function askForNext(
  context: Context,
  session: Session,
  environments: Config,
  key: KeyConfig,
): Promise<void> {
  const { terminal } = context;
  const place = `${session.environment}/${key.name}`;
  const told = `No key is staged for ${place}, so nothing can replace the leaked one yet. Generate one at Amplitude (Settings, Projects, your project, API Keys) and hand it in here; the revocation then goes on. Consumers can read the leaked key until then. To cancel: Ctrl-C.`;
  terminal.err(`${wrap(told, terminal.columns).join('\n')}\n`);
  try {
    const name = await readName(terminal, undefined);
    await handIn(context, session, environments, key, name);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.code, `${error.message} ${stillLeaked(session, key.name)}`, {
      details: error.details,
    });
  }
}

function nothingStaged({ environment }: Session, key: string): Refusal {
  const to = `--env ${environment} --key ${key}`;
  return new Refusal(
    'NOTHING_STAGED',
    `No key is staged for ${environment}/${key}, so nothing can replace the leaked one; it is marked as compromised and stays current. Choose: generate a key at Amplitude, hand it in (npx keyctl stage ${to}) and repeat this command; or deny its consumers the leaked key, which stops those that start: npx keyctl lockdown ${to} --reason "…"`,
  );
}

const stillLeaked = ({ environment }: Session, key: string) =>
  `The leaked key is still the current one of ${environment}/${key}: run the same command again, or deny reads meanwhile: npx keyctl lockdown --env ${environment} --key ${key} --reason "…"`;
