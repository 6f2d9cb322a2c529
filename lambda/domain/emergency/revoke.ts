import { secretName } from '../../contract.ts';
import type { EmergencyReport } from '../../payloads.ts';
import { type AcceptancePorts, askVendor, requireAccepted } from '../acceptance.ts';
import { chooseCandidate } from '../candidate.ts';
import { KeysError } from '../errors.ts';
import { type FactsPorts, type KeyFacts, keyFacts } from '../key-facts.ts';
import { currentOf, documentOf, incumbentIn } from '../key-state.ts';
import { isCompromised } from '../labels.ts';
import type { StagedKey } from '../ports.ts';
import { truthOf } from '../truth.ts';
import { leftAfterRevocation } from './left.ts';
import type { Occasion } from './occasion.ts';
import { markOnly, planRevocation } from './plan-revocation.ts';
import { type ActPorts, carryOut, isDone, planned, type Step } from './step.ts';
import {
  identityOf,
  isRevokedAlready,
  leakedDocument,
  leakedVersionId,
  type Subject,
  subjectOf,
  tokenOf,
} from './subject.ts';

export interface RevokePorts extends FactsPorts, AcceptancePorts, ActPorts {
  readonly stagedKeys: FactsPorts['stagedKeys'] & ActPorts['stagedKeys'];
}

export interface RevokeRequest {
  readonly key: string;
  readonly version?: string;
  readonly dryRun: boolean;
}

type Report = Omit<EmergencyReport, 'tookMs' | 'at' | 'environment' | 'reason' | 'dryRun'>;

/**
 * Takes a leaked key out of its readers' reach, replaces it if they read it, and asks for Revoke.
 * Run again after whatever crash, it goes on where it was.
 * @throws KeysError VERSION_UNKNOWN, NOTHING_STAGED and the other refusals of a candidate,
 *   VERDICT_UNKNOWN once the leaked key is marked
 */
export async function revoke(
  ports: RevokePorts,
  request: RevokeRequest,
  occasion: Occasion,
): Promise<Report> {
  const facts = await keyFacts(ports, secretName(ports.environment, request.key));
  const subject = subjectOf(facts, request.version ?? 'current', occasion.now);
  const standby = isCurrent(subject) ? standbyFor(facts) : undefined;
  const document = leakedDocument(facts, subject);
  if (standby) await requireStandby(ports, facts, subject, standby, request, occasion);
  const steps = isRevokedAlready(facts, subject)
    ? []
    : planRevocation(facts, subject, standby, occasion);
  const target = { arn: facts.secret.arn, environment: ports.environment, key: request.key };
  const plan = request.dryRun ? planned(steps) : await carryOut(ports, target, steps);
  const done = request.dryRun || isDone(plan);
  // Only now: nobody waits for this answer
  const verdict =
    document && (await askVendor(ports, facts.managed, document.value).catch(nothing));
  return {
    truth: truthOf(occasion.project, document, verdict),
    action: 'revoke',
    key: request.key,
    leaked: identityOf(document, leakedVersionId(subject)),
    ...nextOf(facts, subject, standby),
    plan,
    left: [
      ...(done ? [] : [AGAIN]),
      ...(steps.length === 0 ? [alreadyRevoked(facts, request)] : []),
      ...leftAfterRevocation(
        facts,
        document,
        nextOf(facts, subject, standby).next !== undefined,
        occasion,
      ),
    ],
  };
}

const nothing = () => undefined;

const AGAIN =
  'A step failed: run the same command again; it goes on there, and nothing is done twice.';

const isCurrent = (subject: Subject) =>
  subject.in === 'vault' && subject.version.labels.includes('AWSCURRENT');

/** @throws KeysError as a rotation does: nothing staged, several, one that may not follow */
function standbyFor(facts: KeyFacts): StagedKey {
  const incumbent = incumbentIn(facts);
  const unreadable = currentOf(facts)?.reading;
  if (unreadable instanceof KeysError) throw unreadable;
  if (facts.staged instanceof KeysError) throw facts.staged;
  if (!incumbent) {
    throw new KeysError('CURRENT_MISSING', `Secret ${facts.secret.name} has no current version.`);
  }
  return chooseCandidate(facts.managed, facts.staged, incumbent);
}

/** The leaked key is marked all the same: a rotation that comes first gives it no retention. */
async function requireStandby(
  ports: RevokePorts,
  facts: KeyFacts,
  subject: Subject,
  standby: StagedKey,
  { key, dryRun }: RevokeRequest,
  occasion: Occasion,
): Promise<void> {
  try {
    const verdict = await askVendor(ports, facts.managed, standby.value);
    requireAccepted(facts.managed, standby.value, verdict);
  } catch (error) {
    const steps: Step[] = dryRun ? [] : markOnly(facts, subject, occasion);
    const target = { arn: facts.secret.arn, environment: ports.environment, key };
    await carryOut(ports, target, steps);
    throw error;
  }
}

function nextOf(facts: KeyFacts, subject: Subject, standby: StagedKey | undefined) {
  if (standby) {
    const versionId = tokenOf(leakedVersionId(subject), standby.value.fingerprint);
    return { next: identityOf(standby, versionId) };
  }
  const replaced =
    subject.in === 'vault' && subject.version.labels.some(isCompromised) && currentOf(facts);
  return replaced ? { next: identityOf(documentOf(replaced), replaced.versionId) } : {};
}

function alreadyRevoked(facts: KeyFacts, { key }: RevokeRequest): string {
  const current = currentOf(facts)?.versionId;
  return `It was declared compromised before, and all is done here. If the current key leaked too, name it: npx keyctl revoke --env ${facts.managed.environment} --key ${key} --version ${current}`;
}
