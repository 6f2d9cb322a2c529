import { isIdentityCenter, isPerson } from '../call.ts';
import { isStrangeEndpoint } from '../place.ts';
import type { Case } from '../rules.ts';
import type { Factor } from './risk.ts';
import type { Use, Weighing } from './use.ts';
import { staysInVpc } from './usual.ts';

interface Row {
  readonly score: number;
  readonly reason: string | ((use: Use) => string);
  when(use: Use, weighing: Weighing): boolean;
}

/**
 * What counts as a compliant device on AWS, first row that holds. AWS knows no devices: the nearest
 * to one is a workload's role that comes through a known VPC endpoint, or a session with MFA.
 */
const ROWS: readonly Row[] = [
  { score: 100, reason: 'the root user', when: ({ case: { call } }) => call.kind === 'Root' },
  {
    score: 100,
    reason: 'through a VPC endpoint of a third account',
    // A central VPC of the organization's is learned like any place
    when: ({ case: { call }, place, isLearning }, weighing) =>
      isStrangeEndpoint(call, weighing.place) && place === 'new' && !isLearning,
  },
  {
    score: 100,
    reason: ({ grant }) => (grant?.is === 'none' ? grant.why : ''),
    when: ({ grant }) => grant?.is === 'none',
  },
  { score: 0, reason: 'a session with MFA', when: ({ case: { call } }) => call.mfa === 'yes' },
  {
    score: 100,
    reason: 'a person without MFA',
    when: ({ case: { call } }, { rules }) =>
      rules.requireMfa && isPerson(call) && call.mfa === 'no',
  },
  {
    score: 10,
    reason: 'a service of AWS on behalf of its principal',
    when: ({ case: { call } }) => call.through !== undefined || call.kind === 'AWSService',
  },
  {
    // No more: two new keys at somebody's new home aren't to be a quarantine where no country is known
    score: 20,
    reason: 'a person of Identity Center, whose MFA AWS does not tell',
    when: ({ case: { call } }) => isIdentityCenter(call),
  },
  {
    score: 30,
    reason: 'a person or access key whose MFA is not known, from a usual place or still learned',
    when: ({ case: found, place, isLearning }) =>
      isByHand(found) && (place === 'usual' || isLearning),
  },
  {
    score: 60,
    reason: 'a person or access key whose MFA is not known',
    when: ({ case: found }) => isByHand(found),
  },
  {
    score: 0,
    reason: 'a workload through a VPC endpoint of its account',
    when: ({ case: { call } }, { place }) =>
      call.vpcEndpoint !== undefined &&
      call.vpcEndpointAccount !== undefined &&
      !isStrangeEndpoint(call, place),
  },
  { score: 10, reason: 'a workload from a usual place', when: ({ place }) => place === 'usual' },
  {
    score: 30,
    reason: 'a workload whose places are still learned',
    when: ({ isLearning }) => isLearning,
  },
  {
    score: 30,
    reason: 'a workload from a place where it was seldom',
    when: ({ place }) => place === 'rare',
  },
  {
    score: 100,
    reason: 'a workload that always came through VPC endpoints, and now does not',
    when: ({ case: { call }, baseline, day }) =>
      call.vpcEndpoint === undefined && staysInVpc(baseline, day),
  },
  {
    score: 40,
    reason: 'a workload that comes from many places',
    when: ({ roams, country }) => roams && country !== 'new',
  },
  { score: 60, reason: 'a workload from elsewhere than usual', when: () => true },
];

const isByHand = ({ call, subject }: Case) => isPerson(call) || subject.of === 'sign-in';

export function deviceOf(use: Use, weighing: Weighing): Factor {
  const row = ROWS.find(({ when }) => when(use, weighing));
  if (!row) return { reasons: ['nothing is known of it'] };
  const { score, reason } = row;
  return { score, reasons: [typeof reason === 'string' ? reason : reason(use)] };
}
