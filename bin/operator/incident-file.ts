import type { Context } from '../keyctl/context.ts';
import { type Incident, incidentReport } from '../terminal/incident-report.ts';
import type { Aftermath } from './aftermath.ts';
import { readTrail } from './audit-trail.ts';
import { historyOf } from './history.ts';
import { found, type Problem } from './problem.ts';
import { writeReport } from './report-file.ts';
import type { Session } from './session.ts';

/** Where a report was written, or why not. */
export type Written = { readonly file: string } | { readonly problem: Problem };

type Known = Aftermath & Pick<Incident, 'key' | 'emergency'>;

/** Writes down all that is known; what was done doesn't depend on it. */
export async function writeIncident(
  context: Context,
  session: Session,
  file: string,
  known: Known,
  hours: number,
): Promise<Written> {
  const { environment, account, region, caller } = session;
  const now = context.clock.now();
  const trail = await trailOf(session, known.key, new Date(now.getTime() - hours * 3_600_000));
  const at = now.toISOString();
  const text = incidentReport({ environment, account, region, caller, at, ...trail, ...known });
  const written = await found(writeReport(file, text));
  return 'problem' in written ? written : { file };
}

async function trailOf(session: Session, key: string, since: Date) {
  const read = await found(readTrail(session, since, () => {}));
  if ('problem' in read) return { trail: [], trailNotRead: read.problem };
  return { trail: historyOf(read.thing, { since, key }).lines };
}
