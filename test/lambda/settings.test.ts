import { describe, expect, it } from 'vitest';
import { readSettings } from '../../lambda/settings.ts';

const endpoints = {
  developer: 'https://a.test',
  ingestion: 'https://b.test',
  dashboard: 'https://c.test',
};
const variables = {
  ENVIRONMENT: 'dev',
  AMPLITUDE_ORGANIZATION: 'acme',
  AMPLITUDE_PROJECT_ID: '100001',
  AMPLITUDE_DATA_RESIDENCY: 'EU',
  AMPLITUDE_ENDPOINTS: JSON.stringify({ US: endpoints, EU: endpoints }),
  TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:topic',
  KEYS_CMK_ARN: 'arn:aws:kms:eu-west-1:111122223333:key/1',
  NOTIFICATION_FORMAT: 'chat',
  NOTIFICATION_ADDRESSES: '2',
};

describe('the settings of a function', () => {
  it('come from its environment variables', () => {
    expect(readSettings(variables)).toMatchObject({
      environment: 'dev',
      dataResidency: 'EU',
      addresses: 2,
    });
  });

  it('may lack what not every function needs', () => {
    const none = { probeRoleArn: '', cloudTrailLogGroup: '', reclaimAfterDays: 30 };
    expect(readSettings(variables)).toMatchObject(none);
    const more = {
      CLOUDTRAIL_LOG_GROUP: 'trail',
      PROBE_ROLE_ARN: 'arn:aws:iam::1:role/probe',
      RECLAIM_AFTER_DAYS: '90',
    };
    expect(readSettings({ ...variables, ...more })).toMatchObject({
      cloudTrailLogGroup: more.CLOUDTRAIL_LOG_GROUP,
      probeRoleArn: more.PROBE_ROLE_ARN,
      reclaimAfterDays: 90,
    });
  });

  it.each<[string, string | undefined]>([
    ['ENVIRONMENT', undefined],
    ['ENVIRONMENT', ''],
    ['AMPLITUDE_DATA_RESIDENCY', 'Europe'],
    ['AMPLITUDE_ENDPOINTS', '{'],
    ['AMPLITUDE_ENDPOINTS', '{"US":{}}'],
    [
      'AMPLITUDE_ENDPOINTS',
      JSON.stringify({ US: endpoints, EU: { ...endpoints, ingestion: 'b' } }),
    ],
    ['TOPIC_ARN', 'topic'],
    ['KEYS_CMK_ARN', 'alias/amplitude/dev'],
    ['NOTIFICATION_FORMAT', 'html'],
    ['NOTIFICATION_ADDRESSES', 'two'],
    ['NOTIFICATION_ADDRESSES', '-1'],
    ['NOTIFICATION_ADDRESSES', ''],
    ['RECLAIM_AFTER_DAYS', '0'],
    ['RECLAIM_AFTER_DAYS', '91'],
    ['RECLAIM_AFTER_DAYS', ''],
  ])('are refused by name when %s is %j', (name, value) => {
    expect(() => readSettings({ ...variables, [name]: value })).toThrow(
      expect.objectContaining({
        code: 'SETTING_INVALID',
        message: expect.stringContaining(`: ${name}.`),
      }),
    );
  });

  it('name everything that is missing at once', () => {
    expect(() => readSettings({})).toThrow(
      'ENVIRONMENT, AMPLITUDE_ORGANIZATION, AMPLITUDE_PROJECT_ID, AMPLITUDE_DATA_RESIDENCY, AMPLITUDE_ENDPOINTS, TOPIC_ARN, KEYS_CMK_ARN, NOTIFICATION_FORMAT, NOTIFICATION_ADDRESSES',
    );
  });
});
