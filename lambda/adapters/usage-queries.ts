import { safe } from '../domain/access-guard/usage-line.ts';
import type { Wanted } from '../domain/activity.ts';
import {
  all,
  is,
  isNoneOf,
  isOneOf,
  MOST_ROWS,
  type ReadFields,
  readsOfVersion,
} from './insights-queries.ts';

const LINE: ReadFields = {
  versionId: 'version',
  label: 'label',
  at: 'timestamp',
  // That of a version that there is, as it is
  writeVersion: (versionId) => versionId,
  writeLabel: (label) => safe(label),
  writeTime: (date) => date.toISOString(),
};

const USE = 'event_type = "API_KEY_USED"';
const REFUSED = isOneOf('outcome', ['denied', 'failed']);

/**
 * An event may have been written twice, and only `limit` may follow `dedup`. AWS counts distinct
 * values so, but of very many it only approximates their number.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Dedup.html
 */
const EVENTS = 'count_distinct(event_id)';
const SPAN = 'earliest(timestamp) as first, latest(timestamp) as last';

/** Who used one key, asked of the usage record: one query for each question, as of CloudTrail's log group. */
export const usesOf = (key: string, wanted: Wanted & { of: 'version' }) => {
  const reads = `filter ${all(USE, is('api_key_name', safe(key)), 'outcome = "read"', readsOfVersion(wanted, LINE))}`;
  return {
    readers: `${reads}
      | stats ${EVENTS} as reads, ${SPAN} by principal, version
      | sort reads desc | limit ${MOST_ROWS}`,
    hours: `${reads}
      | fields substr(timestamp, 0, 13) as hour
      | stats ${EVENTS} as reads by hour
      | sort hour asc | limit ${MOST_ROWS}`,
    traces: `${reads}
      | stats ${EVENTS} as reads by principal, session, ip_address, vpc_endpoint, user_agent
      | sort reads desc | limit ${MOST_ROWS}`,
  };
};

/** Reads of one key that had no answer. */
export const refusalsOf = (key: string) =>
  `filter ${all(USE, is('api_key_name', safe(key)), REFUSED)}
    | stats ${EVENTS} as calls, latest(timestamp) as last by call, outcome, principal
    | sort last desc | limit ${MOST_ROWS}`;

/** Who used any key of the environment, and how risky: one text, however many keys there are. */
export const USES_OF_ALL = `filter ${USE}
    | stats ${EVENTS} as reads, ${SPAN}, max(risk) as highestRisk by api_key_name, principal, outcome
    | sort last desc | limit ${MOST_ROWS}`;

/** The reads among them by hour, the latest first; without those of `ownRoles`, who read every key each hour. */
export const hoursOfAll = (ownRoles: readonly string[]) =>
  `filter ${all(USE, 'outcome = "read"', isNoneOf('principal', ownRoles))}
    | fields substr(timestamp, 0, 13) as hour
    | stats ${EVENTS} as reads by api_key_name, principal, hour
    | sort hour desc | limit ${MOST_ROWS}`;

/** When something was recorded, hour by hour: in the gaps nothing was seen. */
export const RECORDED_HOURS = `filter ${USE}
    | fields substr(timestamp, 0, 13) as hour
    | stats earliest(timestamp) as first by hour
    | sort hour asc | limit ${MOST_ROWS}`;
