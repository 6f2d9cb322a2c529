import { stagedName, stagedPath } from '../contract.ts';
import type { AssessReport, VersionChoice } from '../payloads.ts';
import { type AcceptancePorts, askVendor } from './acceptance.ts';
import type { ActivityQuestion, Wanted } from './activity.ts';
import { arnsOf } from './consumer.ts';
import { identityOf, leakedDocument, type Subject, subjectOf } from './emergency/subject.ts';
import { KeysError } from './errors.ts';
import { impactOf } from './impact.ts';
import type { KeyDocument } from './key-document.ts';
import type { KeyFacts } from './key-facts.ts';
import { HOUR } from './key-state.ts';
import type { Project } from './lifecycle/sighting.ts';
import { ownRoles } from './own-roles.ts';
import type { ActivityLog } from './ports.ts';
import { riskOf } from './risk.ts';
import { wantedVersion } from './tenure.ts';
import { truthOf } from './truth.ts';
import type { Verdict } from './verdict.ts';

export interface AssessPorts extends AcceptancePorts {
  readonly activityLog: ActivityLog;
}

export interface AssessQuestion {
  readonly version: VersionChoice;
  readonly hours: number;
  readonly now: Date;
  readonly project: Project;
  readonly cmkArn: string;
}

/**
 * Who used a key, as far as AWS can tell, and whether Amplitude still accepts it.
 * @throws KeysError VERSION_UNKNOWN naming what there is
 */
export async function assess(
  ports: AssessPorts,
  facts: KeyFacts,
  { version, hours, now, project, cmkArn }: AssessQuestion,
): Promise<AssessReport> {
  const { managed, secret } = facts;
  const subject = subjectOf(facts, version, now);
  const document = leakedDocument(facts, subject);
  const wanted = wantedOf(facts, subject);
  const from = new Date(now.getTime() - hours * HOUR);
  const path = stagedPath(managed.environment, managed.name);
  const question: ActivityQuestion = { secret, stagedPath: path, cmkArn, wanted, from, to: now };
  const [verdict, { source, hasAllReads = source.complete, ...activity }] = await Promise.all([
    verdictOn(ports, facts, document),
    ports.activityLog.about(question),
  ]);
  const known = [...arnsOf(managed.consumers), ...ownRoles(secret, managed.environment)];
  const impact = impactOf(question, activity, known);
  const versionId = subject.in === 'vault' ? subject.version.versionId : undefined;
  return {
    truth: truthOf(project, document, verdict),
    environment: managed.environment,
    key: managed.name,
    leaked: identityOf(document, versionId),
    at: now.toISOString(),
    hours,
    source,
    ...impact,
    risk: riskOf({ managed, readers: impact.readers, complete: hasAllReads }),
    blind: blindSpots(wanted, from),
  };
}

function wantedOf(facts: KeyFacts, subject: Subject): Wanted {
  if (subject.in === 'vault') return wantedVersion(facts, subject.version);
  const { environment, name } = facts.managed;
  return { of: 'staged', parameter: stagedName(environment, name, subject.staged.id) };
}

/** Asked once; a value that can't be read, or half a pair, can't be asked about. */
async function verdictOn(
  ports: AcceptancePorts,
  { managed }: KeyFacts,
  document: KeyDocument | undefined,
): Promise<Verdict | undefined> {
  if (!document) return undefined;
  try {
    return await askVendor(ports, managed, document.value);
  } catch (error) {
    if (error instanceof KeysError) return undefined;
    throw error;
  }
}

/** What AWS can't see. */
function blindSpots(wanted: Wanted, from: Date): string[] {
  return [
    'Use of the value at Amplitude: AWS knows who read the key, not who uses it.',
    `Reads before ${from.toISOString()}, and copies made then.`,
    'The last minutes: CloudTrail delivers in about 5 minutes on average, without a promise.',
    'What became of the value after a read, in pods, logs or on laptops, and reads of copies in Kubernetes or CI.',
    ...(wanted.of === 'version' ? [namelessReads(wanted)] : []),
  ];
}

const namelessReads = ({ tenures }: Wanted & { of: 'version' }) =>
  tenures.length > 0
    ? 'Which key a read got that named no version: it is told by the times at which versions were created, which is right but for the seconds of a rotation.'
    : 'Reads that named no version: when this one was current, if ever, is not known, so they are not counted.';
