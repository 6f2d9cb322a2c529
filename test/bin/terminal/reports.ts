import type { KeyReport, VersionReport } from '../../../lambda/payloads.ts';

export const NOW = new Date('2026-11-24T02:00:00Z');

export const daysFromNow = (days: number) =>
  new Date(NOW.getTime() + days * 86_400_000).toISOString();

export const version = (more: Partial<VersionReport>): VersionReport => ({
  versionId: '1a2b3c4d-1111-4222-8333-444455556666',
  labels: [],
  state: 'current',
  content: 'key',
  ...more,
});

/** A placeholder's, unless told otherwise. */
export const keyReport = (more: Partial<KeyReport> = {}): KeyReport => ({
  key: 'web',
  secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:amplitude/dev/web-AbCdEf',
  kind: 'ingestion',
  audience: 'server',
  owner: 'growth',
  rotationEnabled: true,
  rotateEveryDays: 90,
  lockedDown: false,
  versions: [],
  staged: [],
  consumers: [],
  held: [],
  todo: [],
  ...more,
});
