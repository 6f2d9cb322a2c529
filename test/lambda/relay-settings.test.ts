import { describe, expect, it } from 'vitest';
import { variable } from '../../lambda/contract.ts';
import { readQueueUrl, readRelaySettings } from '../../lambda/relay-settings.ts';
import { RELAY_SETTINGS } from './relay.ts';

const read = (settings: unknown) =>
  readRelaySettings({ [variable.relay]: JSON.stringify(settings) });
const invalid = (name: string) =>
  expect.objectContaining({ code: 'SETTING_INVALID', message: expect.stringContaining(name) });

describe("the relay's settings", () => {
  it('are read from one variable', () => {
    const settings = { ...RELAY_SETTINGS, deniedRanges: ['192.0.2.0/24', '2001:db8::/32'] };
    expect(read(settings)).toEqual(settings);
  });

  it('may leave a property out, by an empty name', () => {
    const properties = { ...RELAY_SETTINGS.properties, tokens: '' };
    expect(read({ ...RELAY_SETTINGS, properties }).properties.tokens).toBe('');
  });

  it.each<[string, object | undefined]>([
    ['missing', undefined],
    ['without a key', { ...RELAY_SETTINGS, key: '' }],
    ['with another form of user ids', { ...RELAY_SETTINGS, userIds: 'md5' }],
    ['with an event type without a name', { ...RELAY_SETTINGS, eventTypes: { workflow: '' } }],
    ['without a property', { ...RELAY_SETTINGS, properties: { app: 'app' } }],
    ['with no list of posted properties', { ...RELAY_SETTINGS, postedProperties: 'page' }],
    ['with a range that is none', { ...RELAY_SETTINGS, deniedRanges: ['everywhere'] }],
  ])('%s are refused by the name of their variable', (_, settings) => {
    expect(() => read(settings)).toThrow(invalid(variable.relay));
  });
});

describe("the URL of one of the relay's queues", () => {
  it('is read from its variable', () => {
    const url = 'https://sqs.us-east-1.amazonaws.com/111122223333/queue';
    expect(readQueueUrl({ [variable.relayQueueUrl]: url }, 'relayQueueUrl')).toBe(url);
  });

  it.each([undefined, '', 'queue'])('%s is refused', (url) => {
    const variables = url === undefined ? {} : { [variable.relayFailedQueueUrl]: url };
    expect(() => readQueueUrl(variables, 'relayFailedQueueUrl')).toThrow(
      invalid(variable.relayFailedQueueUrl),
    );
  });
});
