import type { RelaySettings } from '../../../../../lambda/contract.ts';
import type { Shaping } from '../../../../../lambda/domain/relay/intake/shape.ts';
import { keyedDigestOf, SecretValue } from '../../../../../lambda/domain/secret-value.ts';

export const SETTINGS: RelaySettings = {
  key: 'backend',
  userIds: 'plain',
  eventTypes: { workflow: 'workflow_executed', chat: 'chat_answered' },
  properties: {
    workflow_id: 'workflow_id',
    model_used: 'model_used',
    app: 'app',
    app_id: '',
    status: 'status',
    duration: 'duration',
    tokens: 'tokens',
    version: '',
    triggered_from: '',
  },
  postedProperties: ['page', 'position', 'is_first'],
  deniedRanges: [],
};

export const DIGEST_KEY = new SecretValue('a key of digests');
export const digest = (id: string) => keyedDigestOf(DIGEST_KEY, id);
export const RECEIVED = new Date('2026-11-24T12:00:05Z');

export const shaping = (settings: Partial<RelaySettings> = {}): Shaping => ({
  settings: { ...SETTINGS, ...settings },
  digest,
  receivedAt: RECEIVED,
});
