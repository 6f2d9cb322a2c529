import { parseEnvironments } from '../../../../lib/config.ts';
import { explain } from '../../../../lib/config-explain.ts';
import { ofValue } from '../inputs.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
const KEY = { kind: 'ingestion', audience: 'server', owner: 'growth', purpose: 'Events' };
const AMPLITUDE = { organization: 'acme', projectId: '100001', dataResidency: 'US' };

/** What `lib/environments.ts` exports. */
export const configuration = ofValue(
  [
    {
      dev: { amplitude: AMPLITUDE, keys: { web: KEY } },
      prod: {
        account: '111122223333',
        region: 'eu-west-1',
        amplitude: { ...AMPLITUDE, endpoints: { US: { developer: 'https://proxy.example.com' } } },
        notify: ['ops@example.com'],
        cloudTrailLogGroup: 'trail',
        logSubscription: {
          destinationArn: 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/logs',
          roleArn: 'arn:aws:iam::111122223333:role/logs',
        },
        tracing: { layerArn: 'arn:aws:lambda:eu-west-1:901920570463:layer:otel:1' },
        keyDefaults: { rotateEveryDays: 60, retainPreviousDays: 20, retentionReason: 'short' },
        keys: {
          server: {
            ...KEY,
            consumers: [
              {
                role: 'arn:aws:iam::111122223333:role/web',
                purpose: 'Web',
                expires: '2099-01-31T12:00:00Z',
                ecsService: { cluster: 'apps', service: 'web' },
              },
              {
                account: '444455556666',
                roleName: 'service/api',
                purpose: 'API',
                from: '2099-01-01',
                expiresIn: 3600,
                vpcEndpoint: 'vpce-0a1b2c3d4e5f60718',
              },
              {
                principalTag: { key: 'team', value: 'web' },
                purpose: 'Team',
                organization: 'o-a1b2c3d4e5',
              },
            ],
          },
          export: { ...KEY, kind: 'secret', pairedWith: 'server' },
        },
      },
    },
  ],
  {
    name: 'configuration',
    limit: 65_536,
    boundMs: 1_000,
    parse: (written) => {
      const environments = Object.entries(parseEnvironments(written, { now: NOW }));
      const of = (name: string) => (written as Readonly<Record<string, unknown>>)[name];
      return environments.map(([name, one]) => explain(one, of(name)));
    },
  },
);
