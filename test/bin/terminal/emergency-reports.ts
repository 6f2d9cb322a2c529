import type { AssessReport, EmergencyReport, ReaderReport } from '../../../lambda/payloads.ts';
import { NOW } from './reports.ts';

/** Constructed answers of the functions, as long as real ones are. */
export const LEAKED = {
  versionId: '1a2b3c4d-1111-4222-8333-444455556666',
  fingerprint: '3f2a9c01b7de',
  name: 'Server 2026-08',
} as const;
export const NEXT = {
  versionId: 'ab'.repeat(32),
  fingerprint: '9b8c7d6e5f40',
  name: 'Server 2026-11',
} as const;
export const TRUTH =
  'Whoever holds the value can use it until Revoke is pressed at Amplitude: https://app.amplitude.com/analytics/acme/settings/projects/100001, key "Server 2026-08". It is not pressed yet.';
const LINK = 'https://app.amplitude.com/analytics/acme/settings/projects/100001';

export const hoursAgo = (hours: number) =>
  new Date(NOW.getTime() - hours * 3_600_000).toISOString();
const secondsOn = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000).toISOString();

export const emergency = (more: Partial<EmergencyReport> = {}): EmergencyReport => ({
  truth: { text: TRUTH, revoked: 'no' },
  environment: 'prod',
  action: 'revoke',
  key: 'server',
  dryRun: false,
  reason: 'leaked in a public repo',
  at: NOW.toISOString(),
  tookMs: 2_340,
  leaked: LEAKED,
  next: NEXT,
  plan: [
    { what: 'Mark the leaked key as compromised', doneAt: secondsOn(1) },
    { what: 'Promote the standby key 9b8c7d6e5f40 ("Server 2026-11")', doneAt: secondsOn(1) },
    { what: "Take the leaked key out of its readers' reach", doneAt: secondsOn(2) },
    { what: 'Ask for Revoke, by a message to the topic', doneAt: secondsOn(2) },
  ],
  left: [
    `Once they run with the next key: Revoke it at Amplitude: ${LINK}, organization acme, project 100001, API Keys, the API key named "Server 2026-08". It can't be undone.`,
    'Stage another standby key: npx keyctl stage --env prod --key server',
    'The hourly sweep asks Amplitude until it has rejected the key for six hours, and then reports it retired.',
  ],
  ...more,
});

export const lockedDown = (contained: boolean): EmergencyReport => {
  const { leaked: _, next: __, ...report } = emergency();
  return {
    ...report,
    action: 'lockdown',
    scope: 'key',
    plan: [
      {
        what: 'Deny all reads of amplitude/prod/server but those of the functions and break-glass',
        doneAt: secondsOn(1),
      },
    ],
    contained: contained
      ? { contained, proof: 'A read of amplitude/prod/server by a role that is not exempt failed.' }
      : { contained, proof: 'A read of amplitude/prod/server still succeeds after 10 tries.' },
    left: [
      "What reads prod/server when it starts can't start any more: tasks, pods, functions, builds.",
      'Once it is over: npx keyctl unlock --env prod --key server --reason "…"',
    ],
  };
};

export const reader = (more: Partial<ReaderReport> = {}): ReaderReport => ({
  principal: 'arn:aws:iam::111122223333:role/checkout-api',
  sessions: ['i-0a1b2c3d4e5f60718', 'i-0b1b2c3d4e5f60719'],
  from: ['10.0.1.17', 'vpce-0a1b2c3d4e5f60718'],
  userAgents: ['aws-sdk-js/3.1005.0 ua/2.1 os/linux#5.10 lang/js md/nodejs#24.1'],
  reads: 1_204,
  byVersionId: 0,
  first: hoursAgo(71.5),
  last: hoursAgo(0.2),
  known: true,
  ...more,
});

export const STRANGER = reader({
  principal: 'arn:aws:iam::999988887777:user/mallory',
  sessions: [],
  from: ['203.0.113.7'],
  userAgents: ['Boto3/1.34 md/Botocore'],
  reads: 3,
  byVersionId: 2,
  first: hoursAgo(9),
  last: hoursAgo(8),
  known: false,
});

export const assessment = (more: Partial<AssessReport> = {}): AssessReport => ({
  truth: { text: TRUTH, revoked: 'no' },
  environment: 'prod',
  key: 'server',
  leaked: LEAKED,
  at: NOW.toISOString(),
  hours: 72,
  source: {
    kind: 'logs-insights',
    covers:
      "All management events in log group org-trail since 2026-11-21 02:00 UTC; CloudTrail's delay is about 5 minutes.",
    complete: true,
    calls: 9,
    bytesScanned: 1_234_567_890,
    priceUsd: 0.0062,
  },
  reads: 1_207,
  first: hoursAgo(71.5),
  last: hoursAgo(0.2),
  byHour: Array.from({ length: 72 }, (_, at) => ({
    hour: hoursAgo(72 - at),
    reads: at % 24 < 8 ? 0 : 5 + (at % 24) * (at === 60 ? 9 : 1),
  })).filter(({ reads }) => reads > 0),
  readers: [reader(), STRANGER],
  activity: [
    { event: 'Decrypt', principal: reader().principal, count: 1_204, last: hoursAgo(0.2) },
    {
      event: 'PutResourcePolicy',
      principal: 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/Admin',
      count: 1,
      last: hoursAgo(30),
    },
  ],
  risk: {
    level: 'high',
    reasons: ['1 reader is unknown: arn:aws:iam::999988887777:user/mallory', 'A secret key.'],
  },
  blind: [
    'Use of the value at Amplitude: AWS never sees it.',
    'Copies that a reader made: a read is seen, what became of the value is not.',
  ],
  ...more,
});
