import { recordedCall } from '../../../lambda/adapters/cloudtrail-event.ts';
import { roleName, usageGroupName } from '../../../lambda/contract.ts';
import { caseOf, sortOut } from '../../../lambda/domain/access-guard/cases.ts';
import { placeOf } from '../../../lambda/domain/access-guard/place.ts';
import { usageLine } from '../../../lambda/domain/access-guard/usage-line.ts';
import type { FakeAws } from '../../aws/fakes/fake-aws.ts';
import { LOG_GROUP } from './leak.ts';

const HOUR = 3_600_000;
export const USAGE = usageGroupName('dev');
const PLACE = placeOf('dev', 'arn:aws:kms:us-east-1:111122223333:key/1');
const own = {
  roleArn: `arn:aws:iam::111122223333:role/${roleName('dev', 'lifecycle')}`,
  session: 'sweep',
};

export interface Recording {
  /** So many hours ago the guard was deployed; the sweep reads another key each hour since. */
  readonly forHours: number;
  /** Hours ago in which nothing was recorded. */
  readonly silent?: readonly number[];
}

/** As the access guard has written down what CloudTrail recorded, each read twice. */
export function recordUses(aws: FakeAws, { forHours, silent = [] }: Recording): void {
  aws.logs.seedGroup(USAGE);
  const now = aws.clock.now();
  for (let hours = 0; hours <= forHours; hours += 1) {
    const at = new Date(now.getTime() - hours * HOUR);
    if (!silent.includes(hours)) {
      aws.cloudTrail.seedRead({ secretId: 'amplitude/dev/swept', by: own, at });
    }
  }
  const messages = aws.logs.messagesOf(LOG_GROUP).map((text, index) => ({
    id: String(index),
    content: recordedCall(JSON.parse(text)) ?? ('EVENT_UNREADABLE' as const),
  }));
  const writing = { environment: 'dev', projectId: '100001', traceId: 'request-1' };
  for (const one of sortOut(messages, PLACE, now).ours) {
    const judged = { case: caseOf(one, undefined, PLACE), verdict: 'ok', findings: [] } as const;
    const line = JSON.stringify(usageLine(judged, writing));
    const isBefore = one.call.at.getTime() < now.getTime() - forHours * HOUR;
    const times = isBefore ? 0 : one.subject.of === 'read' ? 2 : 1;
    for (let time = 0; time < times; time += 1) aws.logs.seedLine(USAGE, one.call.at, line);
  }
}
