import { secretName } from '../../contract.ts';
import type { EmergencyReport, KeyIdentity, PlanStep } from '../../payloads.ts';
import { type AcceptancePorts, askVendor, requireAccepted } from '../acceptance.ts';
import { chooseCandidate } from '../candidate.ts';
import { KeysError, reasonOf } from '../errors.ts';
import type { KeyDocument } from '../key-document.ts';
import { type FactsPorts, type KeyFacts, keyFacts } from '../key-facts.ts';
import { currentOf, documentOf, incumbentIn } from '../key-state.ts';
import { isCompromised } from '../labels.ts';
import type { StagedKey } from '../ports.ts';
import { truthOf } from '../truth.ts';
import type { Verdict } from '../verdict.ts';
import { versionWith } from '../versions.ts';
import { copiesOf, isOutOfReach, replaceable } from './copies.ts';
import { leftAfterRevocation } from './left.ts';
import { markLeaked, recordLeak } from './mark.ts';
import type { Occasion } from './occasion.ts';
import { planRevocation } from './plan-revocation.ts';
import { requireRoom } from './room.ts';
import { type ActPorts, carryOut, isDone, planned, type Step } from './step.ts';
import {
  identityOf,
  isMarked,
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

/** One leak, as it is dealt with. */
interface Case {
  readonly facts: KeyFacts;
  readonly subject: Subject;
  readonly request: RevokeRequest;
  readonly occasion: Occasion;
}

/** Amplitude is not asked about the leaked key after this time; the function has 30 seconds. */
const ASKING_MS = 6_000;

/**
 * Takes a leaked key out of its readers' reach, replaces it if they read it, and asks for Revoke.
 * Run again after whatever crash, it goes on where it was.
 * @throws KeysError VERSION_UNKNOWN, LABEL_LIMIT; NOTHING_STAGED, VERDICT_UNKNOWN and the other
 *   refusals of a candidate once the leaked key is marked
 */
export async function revoke(
  ports: RevokePorts,
  request: RevokeRequest,
  occasion: Occasion,
): Promise<Report> {
  const facts = await keyFacts(ports, secretName(ports.environment, request.key));
  const named = subjectOf(facts, request.version ?? 'current', occasion.now);
  const subject = replaceable(facts, named);
  const leak = { facts, subject, request, occasion };
  const marked = await act(ports, leak, markLeaked(facts, subject, occasion));
  const standby = isCurrent(subject)
    ? await acceptedStandby(ports, facts, subject).catch(refusal)
    : undefined;
  if (standby instanceof KeysError) return withoutStandby(ports, leak, marked, standby);
  const steps = stepsOf(leak, standby);
  if (steps instanceof KeysError) return withoutStandby(ports, leak, marked, steps);
  const plan = isDone(marked) || request.dryRun ? await act(ports, leak, steps) : planned(steps);
  return reportOn(ports, leak, [...marked, ...plan], standby);
}

function stepsOf({ facts, subject, occasion }: Case, standby: StagedKey | undefined) {
  const isOver = copiesOf(facts, subject).every((copy) => isOutOfReach(facts, copy));
  if (isOver && isRevokedAlready(facts, subject)) return [];
  try {
    return planRevocation(facts, subject, standby, occasion);
  } catch (error) {
    return refusal(error);
  }
}

function act(ports: RevokePorts, { facts, request }: Case, steps: Step[]) {
  const target = { arn: facts.secret.arn, environment: ports.environment, key: request.key };
  return request.dryRun ? planned(steps) : carryOut(ports, target, steps);
}

async function reportOn(
  ports: RevokePorts,
  { facts, subject, request, occasion }: Case,
  plan: PlanStep[],
  standby: StagedKey | undefined,
): Promise<Report> {
  const document = leakedDocument(facts, subject);
  const verdict = document && (await verdictOn(ports, facts, document, occasion));
  const { next } = nextOf(facts, subject, standby);
  const done = request.dryRun || isDone(plan);
  return {
    truth: truthOf(occasion.project, document, verdict),
    action: 'revoke',
    key: request.key,
    leaked: identityOf(document, leakedVersionId(subject)),
    ...(next ? { next } : {}),
    plan,
    left: [
      ...(done ? [] : [AGAIN]),
      ...(plan.length === 0 ? [alreadyRevoked(facts, request)] : []),
      ...leftAfterRevocation(facts, subject, next !== undefined, occasion),
    ],
  };
}

/** A plan tells what is missing; an attempt is refused, with the leaked key marked and on record. */
async function withoutStandby(
  ports: RevokePorts,
  leak: Case,
  marked: PlanStep[],
  reason: KeysError,
): Promise<Report> {
  if (!leak.request.dryRun) {
    await act(ports, leak, recordLeak(leak.facts, leak.subject, leak.occasion));
    throw reason;
  }
  const promote = { what: 'Promote a standby key', failed: reasonOf(reason) };
  return reportOn(ports, leak, [...marked, promote], undefined);
}

/** Asked last, since nobody waits for this answer; without one the report says that it isn't known. */
async function verdictOn(
  ports: RevokePorts,
  { managed }: KeyFacts,
  { value }: KeyDocument,
  { now }: Occasion,
): Promise<Verdict | undefined> {
  if (ports.clock.now().getTime() - now.getTime() > ASKING_MS) return undefined;
  return askVendor(ports, managed, value).catch(() => undefined);
}

const AGAIN =
  'A step failed: run the same command again; it goes on there, and nothing is done twice.';

const isCurrent = (subject: Subject) =>
  subject.in === 'vault' && subject.version.labels.includes('AWSCURRENT');

function refusal(error: unknown): KeysError {
  if (error instanceof KeysError) return error;
  throw error;
}

/** COMPROMISED, AWSPENDING, and AWSPREVIOUS where no version has it yet. */
const labelsToCome = (facts: KeyFacts, subject: Subject) =>
  (subject.in === 'vault' && isMarked(subject.version) ? 1 : 2) +
  (versionWith(facts.secret, 'AWSPREVIOUS') ? 0 : 1);

/** @throws KeysError LABEL_LIMIT, and as a rotation does: nothing staged, several, one that may not follow */
async function acceptedStandby(
  ports: RevokePorts,
  facts: KeyFacts,
  subject: Subject,
): Promise<StagedKey> {
  requireRoom(facts, labelsToCome(facts, subject));
  const incumbent = incumbentIn(facts);
  const unreadable = currentOf(facts)?.reading;
  if (unreadable instanceof KeysError) throw unreadable;
  if (facts.staged instanceof KeysError) throw facts.staged;
  if (!incumbent) {
    throw new KeysError('CURRENT_MISSING', `Secret ${facts.secret.name} has no current version.`);
  }
  const standby = chooseCandidate(facts.managed, facts.staged, incumbent);
  const verdict = await askVendor(ports, facts.managed, standby.value);
  requireAccepted(facts.managed, standby.value, verdict);
  return standby;
}

function nextOf(
  facts: KeyFacts,
  subject: Subject,
  standby: StagedKey | undefined,
): { next?: KeyIdentity } {
  if (standby) {
    const versionId = tokenOf(leakedVersionId(subject), standby.value.fingerprint);
    return { next: identityOf(standby, versionId) };
  }
  const replaced =
    subject.in === 'vault' &&
    !isCurrent(subject) &&
    subject.version.labels.some(isCompromised) &&
    currentOf(facts);
  return replaced ? { next: identityOf(documentOf(replaced), replaced.versionId) } : {};
}

function alreadyRevoked(facts: KeyFacts, { key }: RevokeRequest): string {
  const current = currentOf(facts)?.versionId;
  return `It was declared compromised before, and all is done here. If the current key leaked too, name it: npx keyctl revoke --env ${facts.managed.environment} --key ${key} --version ${current}`;
}
