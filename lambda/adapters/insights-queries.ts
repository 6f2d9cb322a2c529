import { secretName, tag } from '../contract.ts';
import type { ActivityQuestion, Tenure, Wanted } from '../domain/activity.ts';
import { patternOf, retainedUntilPattern } from '../domain/labels.ts';
import {
  CMK_CHANGES,
  keyIdOf,
  pathsTo,
  SECRET_CHANGES,
  STAGED_READS,
  TAG_CHANGES,
  TRAIL_CHANGES,
} from '../domain/trail-event.ts';
import { namesOf } from '../domain/versions.ts';

/** The most rows that one answer has room for. */
export const MOST_ROWS = 10_000;

const PRINCIPAL =
  'coalesce(userIdentity.sessionContext.sessionIssuer.arn, userIdentity.arn, userIdentity.invokedBy, userIdentity.accountId) as principal';

/**
 * One query for each question, aggregated by the service: the rows grow with the principals, not
 * with the reads. Times are those of the events: a line's own may be that of its delivery.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export function queriesFor(question: ActivityQuestion) {
  const reads = `filter ${readsIn(question)} and not ispresent(errorCode)`;
  return {
    readers: `${reads}
      | fields ${PRINCIPAL}
      | stats count(*) as reads, count(requestParameters.versionId) as byVersionId,
          earliest(eventTime) as first, latest(eventTime) as last by principal
      | sort reads desc | limit ${MOST_ROWS}`,
    hours: `${reads}
      | fields substr(eventTime, 0, 13) as hour
      | stats count(*) as reads by hour
      | sort hour asc | limit ${MOST_ROWS}`,
    traces: `${reads}
      | fields ${PRINCIPAL}, userIdentity.arn as caller
      | stats count(*) as reads by principal, caller, sourceIPAddress, vpcEndpointId, userAgent
      | sort reads desc | limit ${MOST_ROWS}`,
    actions: `filter ${actionsIn(question)}
      | fields ${PRINCIPAL}, requestParameters.encryptionContext.SecretARN as secretArn,
          requestParameters.encryptionContext.PARAMETER_ARN as parameterArn
      | stats count(*) as calls, latest(eventTime) as last
          by eventName, errorCode, principal, secretArn, parameterArn
      | sort last desc | limit ${MOST_ROWS}`,
  };
}

/**
 * Who read any secret of the environment: one text, however many keys there are.
 * BatchGetSecretValue is recorded as GetSecretValue too, for each secret.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
 */
export const readHistoryQuery = (environment: string) =>
  `filter ${readsOfAll(environment)}
    | fields ${PRINCIPAL}, requestParameters.secretId as secretId
    | stats count(*) as reads, earliest(eventTime) as first, latest(eventTime) as last
        by secretId, principal, errorCode
    | sort last desc | limit ${MOST_ROWS}`;

/** The same by hour, the latest first; without the reads of `ownRoles`, who read every key each hour. */
export const readHoursQuery = (environment: string, ownRoles: readonly string[]) =>
  `filter ${readsOfAll(environment)} and not ispresent(errorCode)
    | fields ${PRINCIPAL}, requestParameters.secretId as secretId, substr(eventTime, 0, 13) as hour
    | filter ${isNoneOf('principal', ownRoles)}
    | stats count(*) as reads by secretId, principal, hour
    | sort hour desc | limit ${MOST_ROWS}`;

const readsOfAll = (environment: string) =>
  `eventName = "GetSecretValue"
      and requestParameters.secretId like /(^|:)${patternOf(secretName(environment, ''))}/`;

export type QueryName = keyof ReturnType<typeof queriesFor>;

export const isOneOf = (field: string, texts: readonly string[]) =>
  `${field} in [${texts.map((text) => `"${text}"`).join(', ')}]`;

/** What `not in` says of a field that isn't there isn't documented. */
export const isNoneOf = (field: string, texts: readonly string[]) =>
  any(`not ispresent(${field})`, isOneOf(`${field} not`, texts));

/** Whoever puts a value chooses its version id and labels: none of them may end the text it is in. */
export const is = (field: string, text: string) =>
  /^[\w-]*$/.test(text) ? `${field} = "${text}"` : `${field} like /^${patternOf(text)}$/`;

export const all = (...tests: readonly string[]) => `(${tests.join(' and ')})`;
export const any = (...tests: readonly string[]) => `(${tests.join(' or ')})`;

const ofSecret = ({ secret }: ActivityQuestion) =>
  isOneOf('requestParameters.secretId', namesOf(secret));

function readsIn(question: ActivityQuestion): string {
  const { wanted, stagedPath } = question;
  if (wanted.of === 'staged') return readsUnder(wanted.parameter, stagedPath);
  return all('eventName = "GetSecretValue"', ofSecret(question), readsOfVersion(wanted, TRAIL));
}

/** What a log calls the parts of a read, and how it writes them. */
export interface ReadFields {
  readonly versionId: string;
  readonly label: string;
  readonly at: string;
  writeVersion(versionId: string): string;
  writeLabel(label: string): string;
  /** So that times compare as texts. */
  writeTime(date: Date): string;
}

const TRAIL: ReadFields = {
  versionId: 'requestParameters.versionId',
  label: 'requestParameters.versionStage',
  at: 'eventTime',
  writeVersion: (versionId) => versionId,
  writeLabel: (label) => label,
  writeTime: (date) => date.toISOString().replace('.000Z', 'Z'),
};

export function readsOfVersion(
  { versionId, labels, tenures }: Wanted & { of: 'version' },
  fields: ReadFields,
): string {
  const byLabel = [
    ...labels.map((label) => is(fields.label, fields.writeLabel(label))),
    `${fields.label} like /${retainedUntilPattern(versionId)}/`,
    ...tenures.map((tenure) => during(tenure, fields)),
  ];
  const byId = is(fields.versionId, fields.writeVersion(versionId));
  return any(byId, all(`not ispresent(${fields.versionId})`, any(...byLabel)));
}

/** Whoever names no label reads what is current. */
function during({ label, from, to }: Tenure, fields: ReadFields): string {
  const named = `${fields.label} = "${label}"`;
  return all(
    label === 'AWSCURRENT' ? any(`not ispresent(${fields.label})`, named) : named,
    ...(from ? [`${fields.at} >= "${fields.writeTime(from)}"`] : []),
    ...(to ? [`${fields.at} <= "${fields.writeTime(to)}"`] : []),
  );
}

const readsUnder = (parameter: string, stagedPath: string) =>
  all(
    isOneOf('eventName', STAGED_READS),
    any(`@message like "${parameter}"`, isOneOf('requestParameters.path', pathsTo(stagedPath))),
  );

function actionsIn(question: ActivityQuestion): string {
  const { stagedPath, cmkArn } = question;
  return any(
    readsUnder(stagedPath, stagedPath),
    all('eventName = "Decrypt"', `@message like "${cmkArn}"`),
    all('eventName = "GetSecretValue"', 'ispresent(errorCode)', ofSecret(question)),
    all(isOneOf('eventName', SECRET_CHANGES), ofSecret(question)),
    all(isOneOf('eventName', TAG_CHANGES), ofSecret(question), `@message like "${tag.lockdown}"`),
    all(isOneOf('eventName', CMK_CHANGES), `@message like "${keyIdOf(cmkArn)}"`),
    isOneOf('eventName', TRAIL_CHANGES),
  );
}
