import { describe, expect, it } from 'vitest';
import { RELAY_PROPERTIES } from '../../lambda/contract.ts';
import { parseEnvironments, warningsOf } from '../../lib/config.ts';
import { explain } from '../../lib/config-explain.ts';
import { ConfigError } from '../../lib/config-faults.ts';

const key = { kind: 'ingestion', audience: 'server', owner: 'growth', purpose: 'events' };
const secret = { ...key, kind: 'secret', pairedWith: 'web' };
const amplitude = { organization: 'acme', projectId: '100001', dataResidency: 'US' };
const prod = { amplitude, keys: { web: key, api: key, export: secret } };

function faultsOf(environment: unknown): string[] {
  try {
    parseEnvironments({ prod: environment });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
}

const relayed = (over: object) => faultsOf({ ...prod, relay: { key: 'web', ...over } });
const configOf = (relay: object, over: object = {}) =>
  parseEnvironments({ prod: { ...prod, ...over, relay } }).prod;

describe('a relay', () => {
  it('is none unless it is asked for, and then sends what executions tell under their own names', () => {
    expect(parseEnvironments({ prod }).prod).not.toHaveProperty('relay');
    expect(configOf({ key: 'web' })?.relay).toEqual({
      key: 'web',
      userIds: 'plain',
      eventTypes: { workflow: 'workflow_executed', chat: 'workflow_executed' },
      properties: Object.fromEntries(RELAY_PROPERTIES.map((name) => [name, name])),
      postedProperties: [],
    });
  });

  it('has its own names for some, and leaves others out', () => {
    const relay = configOf({
      key: 'api',
      userIds: 'hmac',
      eventTypes: { chat: 'Message answered' },
      properties: { workflow_id: 'Workflow', version: '', tokens: '' },
      postedProperties: ['page', 'Schaltfläche'],
    })?.relay;
    expect(relay).toMatchObject({
      key: 'api',
      userIds: 'hmac',
      eventTypes: { workflow: 'workflow_executed', chat: 'Message answered' },
      properties: { workflow_id: 'Workflow', version: '', tokens: '', model_used: 'model_used' },
      postedProperties: ['page', 'Schaltfläche'],
    });
  });

  it('tells where each of its values is from', () => {
    const written = { ...prod, relay: { key: 'web', properties: { app: 'App' } } };
    const config = parseEnvironments({ prod: written }).prod;
    const rows = config ? explain(config, written) : [];
    expect(rows.filter(({ path }) => /^relay\.(key|userIds|properties\.app)$/.test(path))).toEqual([
      { path: 'relay.key', value: 'web', source: 'environment' },
      { path: 'relay.userIds', value: 'plain', source: 'default' },
      { path: 'relay.properties.app', value: 'App', source: 'environment' },
    ]);
  });
});

describe('the key of a relay', () => {
  it('has to be there, and the fault says which there are', () => {
    expect(relayed({ key: 'wbe' })).toEqual([
      'prod.relay.key: there is no key "wbe"; expected an ingestion key of this environment: those are web, api',
    ]);
    expect(relayed({ key: 'toString' })).toHaveLength(1);
    expect(relayed({ key: undefined })).toEqual([
      'prod.relay.key: expected some text, got nothing',
    ]);
  });

  it('has to be one that writes events', () => {
    expect(relayed({ key: 'export' })).toEqual([
      'prod.relay.key: "export" can\'t write events; expected an ingestion key of this environment: those are web, api',
    ]);
    const none = { amplitude, keys: {}, relay: { key: 'web' } };
    expect(faultsOf(none)).toEqual([
      'prod.relay.key: there is no key "web"; expected an ingestion key of this environment: there is none',
    ]);
  });

  it('is not judged by keys that are wrong themselves', () => {
    const kind = { ...prod, keys: { web: { ...key, kind: 'api' } }, relay: { key: 'web' } };
    expect(faultsOf(kind)).toEqual([
      "prod.keys.web.kind: expected 'ingestion' or 'secret', got \"api\" (a string)",
    ]);
    expect(faultsOf({ ...prod, keys: 7, relay: { key: 'web' } })).toEqual([
      'prod.keys: expected the keys by name, got 7',
    ]);
    const unreal = { ...prod, keys: JSON.parse('{"__proto__":null}'), relay: { key: 'web' } };
    expect(faultsOf(unreal)).toContain(
      'prod.relay.key: there is no key "web"; expected an ingestion key of this environment: there is none',
    );
  });

  const consumers = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      role: `arn:aws:iam::111122223333:role/web-${at}`,
      purpose: 'events',
      ...(at < 7 ? { expires: '2099-01-31' } : {}),
    }));
  const withConsumers = (count: number) => ({
    ...prod,
    keys: { ...prod.keys, web: { ...key, consumers: consumers(count) } },
  });

  it('needs a tag of its secret for the relay, beside those of its consumers', () => {
    expect(faultsOf(withConsumers(14))).toEqual([]);
    expect(faultsOf({ ...withConsumers(13), relay: { key: 'web' } })).toEqual([]);
    expect(faultsOf({ ...withConsumers(14), relay: { key: 'api' } })).toEqual([]);
    expect(faultsOf({ ...withConsumers(14), relay: { key: 'web' } })).toEqual([
      'prod.relay.key: the consumers of "web" have all 21 tags of its secret that there are for them, and the relay needs one: name some together by a principalTag, or give the relay a key of its own',
    ]);
    expect(faultsOf({ ...withConsumers(15), relay: { key: 'web' } })).toEqual([
      'prod.keys.web.consumers: 15 consumers, 7 ends and 0 ECS services are 22 tags of the secret, at most 21: name consumers together by a principalTag',
    ]);
  });

  it('is warned of where everybody holds it, and not for having no other consumer', () => {
    const keys = { web: { ...key, audience: 'browser', rotateEveryDays: 365 }, api: key };
    const warnings = (name: string) => {
      const config = configOf({ key: name }, { keys, notify: ['soc@example.com'] });
      return config ? warningsOf(config).map((text) => text.replace(/:.*/, '')) : [];
    };
    expect(warnings('web')).toEqual(['prod.relay.key', 'prod.keys.api']);
    expect(warnings('api')).toEqual(['prod.keys.web']);
  });
});

describe('the names that events are sent by', () => {
  it.each([
    '[Amplitude] Start Session',
    '[amplitude] anything',
    '$identify',
    '$groupidentify',
    'revenue_amount',
    'session_start',
    'Session_End',
    '',
    ' run',
    'run\n',
    'x'.repeat(101),
    7,
  ])("are none that Amplitude reserves or doesn't take: %j", (name) => {
    const [type] = relayed({ eventTypes: { workflow: name } });
    expect(type).toMatch(
      /^prod\.relay\.eventTypes\.workflow: expected a name of at most 100 characters that Amplitude doesn't reserve, as it does .*, got /,
    );
    expect(relayed({ postedProperties: ['page', name] })).toHaveLength(1);
    expect(relayed({ properties: { app: name } })).toHaveLength(name === '' ? 0 : 1);
  });

  it('are any others', () => {
    const names = ['Run', 'workflow: executed!', '実行', 'x'.repeat(100), 'session_started'];
    for (const name of names) {
      expect(relayed({ eventTypes: { chat: name }, postedProperties: [name] })).toEqual([]);
    }
  });

  it('are those that there are', () => {
    const faults = relayed({ url: 'x', eventTypes: { agent: 'x' }, properties: { workflow: 'x' } });
    expect(faults.toSorted()).toEqual([
      'prod.relay.eventTypes.agent: unknown field; the fields are workflow, chat',
      'prod.relay.properties.workflow: unknown field; the fields are workflow_id, model_used, app, app_id, status, duration, tokens, version, triggered_from',
      'prod.relay.url: unknown field; the fields are key, userIds, eventTypes, properties, postedProperties',
    ]);
  });

  it('name one property each, however many are left out', () => {
    expect(relayed({ properties: { app: '', status: '', version: '' } })).toEqual([]);
    expect(relayed({ properties: { app: 'status' } })).toEqual([
      'prod.relay.properties.status: "status" is the name of app already: one of the two would be lost',
    ]);
    expect(relayed({ postedProperties: ['page', 'button', 'page'] })).toEqual([
      'prod.relay.postedProperties.2: duplicate of "page"',
    ]);
  });

  it('of others are fifty at most', () => {
    const names = (count: number) => Array.from({ length: count }, (_, at) => `name ${at}`);
    expect(relayed({ postedProperties: names(50) })).toEqual([]);
    expect(relayed({ postedProperties: names(51) })).toEqual([
      'prod.relay.postedProperties: expected at most 50 names, got 51',
    ]);
  });
});

describe('a wrong value of a relay', () => {
  it.each([
    [{ userIds: 'sha256' }, "userIds: expected 'plain' or 'hmac', got \"sha256\" (a string)"],
    [
      { postedProperties: 'page' },
      'postedProperties: expected a list of names, got "page" (a string)',
    ],
    [{ eventTypes: null }, 'eventTypes: expected an object in braces'],
    [{ properties: [] }, 'properties: expected an object in braces'],
  ])('is told with its path: %j', (over, fault) => {
    expect(relayed(over)).toEqual([`prod.relay.${fault}`]);
  });

  it('is told when it is no object', () => {
    expect(faultsOf({ ...prod, relay: true })).toEqual([
      'prod.relay: expected an object in braces',
    ]);
  });

  it('that looks like a key is not repeated', () => {
    const pasted = '1f0e9d8c'.repeat(4);
    const told = relayed({ key: pasted, postedProperties: [pasted] }).join('\n');
    expect(told).toContain('prod.relay.key');
    expect(told).toContain('prod.relay.postedProperties.0');
    expect(told).not.toContain(pasted);
  });
});
