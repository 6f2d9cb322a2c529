import { parseEnvironments } from '../../../../lib/config.ts';
import { explain } from '../../../../lib/config-explain.ts';
import { ofValue } from '../inputs.ts';

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
            consumers: [{ role: 'arn:aws:iam::111122223333:role/web', purpose: 'Web' }],
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
      const environments = Object.entries(parseEnvironments(written));
      const of = (name: string) => (written as Readonly<Record<string, unknown>>)[name];
      return environments.map(([name, one]) => explain(one, of(name)));
    },
  },
);
