import type { GuardRules } from '../../../../../lambda/contract.ts';
import type { Assessed } from '../../../../../lambda/domain/access-guard/answer/step.ts';
import type { RecordedCall } from '../../../../../lambda/domain/access-guard/call.ts';
import type { Risk } from '../../../../../lambda/domain/access-guard/risk/risk.ts';
import type { Subject } from '../../../../../lambda/domain/access-guard/subject.ts';
import type { KeyReport } from '../../../../../lambda/payloads.ts';
import { GUARD_RULES } from '../../../guard-rules.ts';

export const NOW = new Date('2026-11-24T12:00:00Z');
export const STRANGER = 'arn:aws:iam::111122223333:role/stranger';
export const BACKEND = 'arn:aws:iam::111122223333:role/backend';
export const ANN = 'arn:aws:iam::111122223333:user/ann';
export const VERSION = 'aaaaaaaa-1111-4222-8333-444444444444';

export const RULES: GuardRules = {
  ...GUARD_RULES,
  ownRanges: ['192.0.2.0/24'],
  answer: 'quarantine',
};

/** A read of `web` by a stranger's session, from an address that nobody knows. */
export const call = (more: Partial<RecordedCall> = {}): RecordedCall => ({
  id: 'b1946ac9-4931-4bd7-9d4c-000000000001',
  name: 'GetSecretValue',
  service: 'secretsmanager',
  at: NOW,
  region: 'us-east-1',
  account: '111122223333',
  principal: STRANGER,
  kind: 'AssumedRole',
  session: 'laptop',
  userId: 'AROAEXAMPLE:laptop',
  address: '203.0.113.9',
  inConsole: false,
  mfa: 'unknown',
  kmsKeys: [],
  ...more,
});

export const factor = (score: number, ...reasons: string[]) => ({ score, reasons });

export const risk = (more: Partial<Risk> = {}): Risk => ({
  score: 90,
  device: factor(100, 'no device of its own'),
  location: { reasons: ['neither ranges nor a database of countries'] },
  behaviour: factor(80, 'a place that is new for it'),
  isLearning: false,
  isUsualPlace: false,
  isUsualSession: false,
  ...more,
});

export const WEB = {
  key: 'web',
  secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:amplitude/dev/web-AbCdEf',
  versions: [{ versionId: VERSION, labels: ['AWSCURRENT'] }],
  consumers: [{ principal: BACKEND }],
} as unknown as KeyReport;

export interface WeighedOf {
  readonly call?: Partial<RecordedCall>;
  readonly risk?: Partial<Risk>;
  readonly subject?: Subject;
  readonly report?: KeyReport;
}

export const weighed = (of: WeighedOf = {}): Assessed => ({
  case: {
    call: call(of.call),
    subject: of.subject ?? { of: 'read', secretId: 'amplitude/dev/web' },
    key: 'web',
    report: of.report ?? WEB,
  },
  verdict: 'suspicious',
  findings: [],
  risk: risk(of.risk),
});
