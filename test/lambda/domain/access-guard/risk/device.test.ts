import { describe, expect, it } from 'vitest';
import { deviceOf } from '../../../../../lambda/domain/access-guard/risk/device.ts';
import {
  type CloudTrailRecord,
  consoleLogin,
  identityCenter,
  otherAccount,
  read,
  readThrough,
  role,
  service,
  throughEndpoint,
  user,
  userInSession,
} from '../../../../aws/recorded/cloudtrail.ts';
import {
  baselineOf,
  COUNTRIES,
  DAYS,
  IN_VPC,
  type Past,
  USUAL,
  useIn,
  weighingBy,
} from './past.ts';

const AFAR = '198.51.100.7';
const THIRD = { vpcEndpointId: 'vpce-0', vpcEndpointAccountId: '999988887777' };
const ROOT = { type: 'Root', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' };
const ROAMING: Past = Object.fromEntries(
  Array.from({ length: 10 }, (_, index) => [`place 203.0.${index}.0/24`, [1, 2]]),
);

describe('a device', () => {
  it.each<[string, number, CloudTrailRecord, Past]>([
    ['the root user', 100, read({ by: ROOT, more: throughEndpoint }), USUAL],
    ['a workload through its VPC endpoint', 0, read({ more: throughEndpoint }), IN_VPC],
    [
      'a workload through a new VPC endpoint of its account',
      0,
      read({ more: throughEndpoint }),
      {},
    ],
    [
      'a workload of another account through a VPC endpoint of that one',
      0,
      read({ by: otherAccount('999988887777'), more: THIRD }),
      USUAL,
    ],
    ['a workload through a new VPC endpoint of a third account', 100, read({ more: THIRD }), USUAL],
    [
      'a workload through a VPC endpoint of a third account where it usually comes from',
      10,
      read({ more: THIRD }),
      { 'place vpce-0': DAYS },
    ],
    [
      'a workload through a new VPC endpoint of nobody knows whom',
      60,
      read({ more: { vpcEndpointId: 'vpce-0' } }),
      USUAL,
    ],
    ['a session with MFA', 0, read({ by: userInSession(), from: AFAR }), USUAL],
    ['a person without MFA', 100, read({ by: userInSession('ann', 'false') }), USUAL],
    [
      'a role in the console without MFA',
      100,
      read({ more: { sessionCredentialFromConsole: 'true' } }),
      USUAL,
    ],
    ['a person of Identity Center', 20, read({ by: identityCenter(), from: AFAR }), USUAL],
    ['an access key from a usual place', 30, read({ by: user() }), USUAL],
    ['an access key from elsewhere', 60, read({ by: user(), from: AFAR }), USUAL],
    ['a service on behalf of a role', 10, readThrough('ssm.amazonaws.com'), USUAL],
    ['a service', 10, read({ by: service('ecs.amazonaws.com') }), USUAL],
    ['a workload from a usual place', 10, read(), USUAL],
    [
      'a workload from where it was twice',
      30,
      read({ from: AFAR }),
      { ...USUAL, 'place 198.51.100.0/24': [1, 2] },
    ],
    ['a workload from elsewhere', 60, read({ from: AFAR }), USUAL],
    ['a workload that left its VPC', 100, read({ from: AFAR }), IN_VPC],
    ['a workload that comes from many places', 40, read({ from: AFAR }), ROAMING],
    ['a sign-in without MFA', 100, consoleLogin({ mfaUsed: 'No' }), USUAL],
    ['a sign-in with MFA', 0, consoleLogin(), USUAL],
    [
      'a sign-in by SAML',
      60,
      consoleLogin({ by: role('admin'), mfaUsed: 'No', from: AFAR }),
      USUAL,
    ],
  ])('of %s is %d', (_, score, record, past) => {
    const weighing = weighingBy();
    const factor = deviceOf(useIn(record, baselineOf(past), weighing), weighing);
    expect(factor).toEqual({ score, reasons: [expect.stringMatching(/./)] });
  });

  it('of a workload that comes from many places is that of any, in a new country', () => {
    const weighing = weighingBy({}, COUNTRIES);
    const past = { ...ROAMING, 'country BR': DAYS };
    const scoreOf = (from: string) =>
      deviceOf(useIn(read({ from }), baselineOf(past), weighing), weighing).score;
    expect(scoreOf('203.0.113.9')).toBe(40);
    expect(scoreOf(AFAR)).toBe(60);
  });

  it('of one without a grant is 100 even with MFA, and says what is wrong with the grant', () => {
    const weighing = weighingBy();
    const use = useIn(read({ by: userInSession() }), baselineOf(), weighing, []);
    expect(deviceOf(use, weighing)).toEqual({
      score: 100,
      reasons: ['read by one to whom the key is not granted'],
    });
  });

  it('of a person without MFA is one whose MFA is not known, where none is required', () => {
    const weighing = weighingBy({ requireMfa: false });
    const use = useIn(read({ by: userInSession('ann', 'false') }), baselineOf(USUAL), weighing);
    expect(deviceOf(use, weighing).score).toBe(30);
  });

  it.each<[string, CloudTrailRecord]>([
    ['a workload', read({ from: AFAR })],
    ['an access key', read({ by: user(), from: AFAR })],
    ['a workload through a VPC endpoint of a third account', read({ more: THIRD })],
  ])('of %s is 30 while it is learned', (_, record) => {
    const weighing = weighingBy();
    const use = useIn(record, baselineOf({}, [5]), weighing);
    expect(deviceOf(use, weighing).score).toBe(30);
  });
});
