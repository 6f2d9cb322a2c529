const ARN = 'arn:aws:iam::111122223333:role';

/** An environment that writes every field there is. */
const ENVIRONMENT = {
  account: '111122223333',
  region: 'eu-west-1',
  amplitude: {
    organization: 'acme',
    projectId: '100001',
    dataResidency: 'US',
    endpoints: { US: { developer: 'https://proxy.example.com/developer' } },
  },
  notify: ['soc@example.com'],
  notificationFormat: 'text',
  rotationWindowHours: 4,
  breakGlassRoleArn: `${ARN}/break-glass`,
  responder: { requireMfa: true },
  cloudTrailLogGroup: 'cloudtrail',
  logSubscription: {
    destinationArn: 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/logs',
    roleArn: `${ARN}/logs`,
  },
  tracing: {
    layerArn: 'arn:aws:lambda:eu-west-1:111122223333:layer:AWSOpenTelemetryDistroJs:1',
    endpoint: 'https://otlp.example.com',
  },
  keyDefaults: { owner: 'growth' },
  keys: {
    web: {
      kind: 'ingestion',
      audience: 'server',
      owner: 'growth',
      purpose: 'Events',
      rotateEveryDays: 90,
      retainPreviousDays: 20,
      retentionReason: 'short of storage',
      verification: 'query',
      standby: 'always',
      sensitivity: 'normal',
      consumers: [
        {
          role: `${ARN}/backend`,
          purpose: 'Sends events',
          expires: '2099-01-31',
          ecsService: { cluster: 'apps', service: 'backend' },
        },
        {
          account: '444455556666',
          roleName: 'service/api',
          purpose: 'Reads events',
          from: '2099-01-01',
          expiresIn: 3600,
          vpcEndpoint: 'vpce-0a1b2c3d4e5f60718',
          organization: 'o-a1b2c3d4e5',
        },
        { principalTag: { key: 'team', value: 'web' }, purpose: 'Whoever is of the team' },
      ],
    },
    export: {
      kind: 'secret',
      pairedWith: 'web',
      audience: 'server',
      owner: 'growth',
      purpose: 'Export',
    },
  },
};

/** A configuration that somebody pasted a key into. */
export interface PastedConfiguration {
  readonly where: string;
  readonly environments: unknown;
}

/** The key in place of every value and at its end, in place of every name, and beside it. */
export const pastedConfigurations = (key: string): PastedConfiguration[] =>
  pastedInto({ dev: ENVIRONMENT }, key, 'the environments').map(([where, environments]) => ({
    where,
    environments,
  }));

/** Nothing pasted. */
export const CONFIGURATION: unknown = { dev: ENVIRONMENT };

type Pasted = readonly [where: string, value: unknown];

function pastedInto(value: unknown, key: string, at: string): Pasted[] {
  if (typeof value !== 'object' || value === null) {
    return [
      [`as ${at}`, key],
      [`at the end of ${at}`, `${value}${key}`],
    ];
  }
  const entries = Object.entries(value);
  const built = (changed: readonly (readonly [string, unknown])[]) =>
    Array.isArray(value) ? changed.map(([, inner]) => inner) : Object.fromEntries(changed);
  const instead = (name: string, entry: readonly [string, unknown]) =>
    built(entries.map((old) => (old[0] === name ? entry : old)));
  const names = Array.isArray(value) ? [] : entries;
  return [
    [`beside what is in ${at}`, built([...entries, [key, key]])],
    ...names.map(
      ([name, inner]): Pasted => [
        `in place of the name ${at}.${name}`,
        instead(name, [nameLike(key), inner]),
      ],
    ),
    ...entries.flatMap(([name, inner]) =>
      pastedInto(inner, key, `${at}.${name}`).map(
        ([where, changed]): Pasted => [where, instead(name, [name, changed])],
      ),
    ),
  ];
}

/** A name begins with a letter: what begins with a digit would be refused for that alone. */
const nameLike = (key: string) => `a-${key}`;
