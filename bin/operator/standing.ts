import { KeysError } from '../../lambda/domain/errors.ts';
import { isCompromised } from '../../lambda/domain/labels.ts';
import type { KeyReport } from '../../lambda/payloads.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { keyReport } from './own-key.ts';
import type { Session } from './session.ts';

/** Where a key stands when an emergency stopped half way, in sentences. */
export async function standing(session: Session, key: string): Promise<string> {
  const to = `--env ${session.environment} --key ${key}`;
  try {
    return told(await keyReport(session, key), to);
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof KeysError)) throw error;
    return `Its state can't be told now (${error.code}): npx keyctl status ${to}.`;
  }
}

function told({ versions, lockedDown }: KeyReport, to: string): string {
  const current = versions.find(({ state }) => state === 'current');
  if (!current) return `It has no current key: npx keyctl status ${to}.`;
  const { fingerprint = current.versionId, labels } = current;
  const marked = labels.some(isCompromised) ? 'marked as compromised' : 'not marked as compromised';
  const reach = lockedDown
    ? 'readers are denied'
    : `its consumers can still read it; to deny that meanwhile: npx keyctl lockdown ${to} --reason "…"`;
  return `Key ${fingerprint} is still the current one, ${marked}, and ${reach}.`;
}
