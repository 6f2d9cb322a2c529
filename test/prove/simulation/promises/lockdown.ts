import { tag } from '../../../../lambda/contract.ts';
import { type Moment, worked } from '../moment.ts';
import type { Promised } from './promise.ts';

export const lockdownHolds: Promised = {
  name: 'A lockdown that was declared holds until it is lifted.',
  broken(moment, ledger) {
    const { after } = moment;
    if (ledger.locks.environment && after.isCmkOn)
      return `the CMK is enabled after the ${moment.act.by}`;
    if (!ledger.locks.key || after.tags[tag.lockdown] === 'on') return untrue(moment);
    if (!ledger.lockTaken) return `the tag is gone after the ${moment.act.by}`;
    return restores(moment) ? 'the tag was taken off by hand, and a sweep left it off' : undefined;
  },
};

const restores = (moment: Moment) =>
  worked({ ...moment, before: { ...moment.before, isCmkOn: true } });

function untrue({ act: { report }, after }: Moment): string | undefined {
  if (report?.contained?.contained !== true) return undefined;
  const holds = !after.isCmkOn || after.tags[tag.lockdown] === 'on';
  return holds ? undefined : 'its answer says contained, and readers read on';
}
