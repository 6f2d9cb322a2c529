import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { stackName } from '../../lambda/contract.ts';
import { type EnvironmentConfig, parseEnvironments } from '../../lib/config.ts';
import { KeysStack } from '../../lib/keys-stack.ts';
import { deployed } from '../aws/policy/deployed.ts';
import type { Resources } from '../aws/policy/intrinsics.ts';

const amplitude = { organization: 'acme', projectId: '100001', dataResidency: 'US' };
const key = {
  kind: 'ingestion',
  audience: 'server',
  owner: 'growth',
  purpose: 'events of the web app',
};

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** An environment `name` with key `web` and what the test changes; bundling is left out for speed. */
export const synthesize = (over: object = {}, name = 'dev') =>
  Template.fromStack(stackOf(over, name).stack);

export function stackOf(over: object = {}, name = 'dev') {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  return { app, stack: new KeysStack(app, stackName(name), environmentOf(over, name)) };
}

export function environmentOf(over: object, name: string): EnvironmentConfig {
  const environment = { amplitude, notify: ['soc@example.com'], keys: { web: key }, ...over };
  const parsed = parseEnvironments({ [name]: environment })[name];
  if (!parsed) throw new Error(`no environment ${name}`);
  return parsed;
}

export const exampleKey = key;

const granted = (name: string) => ({
  role: `arn:aws:iam::111122223333:role/${name}`,
  purpose: 'events',
});

/** A consumer of each kind. */
export const everyConsumer = [
  { ...granted('web'), ecsService: { cluster: 'dify', service: 'web' } },
  { account: '444455556666', roleName: 'service/api', purpose: 'events' },
  { principalTag: { key: 'team', value: 'web' }, purpose: 'events' },
  { account: '444455556666', principalTag: { key: 'Team', value: 'api' }, purpose: 'events' },
  { ...granted('batch'), expires: '2099-01-31' },
  { ...granted('trial'), from: '2099-01-01T12:00:00Z', expiresIn: 3600 },
  { ...granted('private'), vpcEndpoint: 'vpce-0a1b2c3d4e5f60718' },
  { ...granted('member'), organization: 'o-a1b2c3d4e5' },
];

/** Every option that changes what the template has. */
export const everyOption = {
  cloudTrailLogGroup: 'org/cloudtrail',
  responder: { requireMfa: false },
  tracing: { layerArn: 'arn:aws:lambda:eu-west-1:615299751070:layer:AWSOpenTelemetryDistroJs:9' },
  logSubscription: {
    destinationArn: 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/logs',
    roleArn: 'arn:aws:iam::111122223333:role/logs-to-firehose',
  },
  notificationFormat: 'chat',
  accessGuard: {
    allowedRanges: ['203.0.113.0/24'],
    deniedRanges: ['198.51.100.0/24'],
    ownRanges: ['203.0.113.128/25', '2001:db8::/32'],
    weights: { device: 40, location: 20, behaviour: 40 },
    answer: 'quarantine',
    revokeAt: 95,
    // Without bundling it is not looked for.
    geoDatabase: 'countries.mmdb',
  },
  keys: {
    web: {
      ...key,
      sensitivity: 'sensitive',
      consumers: everyConsumer,
    },
    export: { ...key, kind: 'secret', pairedWith: 'web' },
  },
};

/** The template's policies as they are in an account, for the evaluator. */
export const accountOf = (template: Template) =>
  deployed(template.toJSON() as { readonly Resources: Resources });

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
}

export function resourcesOf(template: Template, type: string): (Resource & { id: string })[] {
  return Object.entries(template.findResources(type)).map(([id, resource]) => ({
    id,
    ...(resource as Resource),
  }));
}

export const statementsIn = (document: unknown): Statement[] =>
  (document as { Statement: Statement[] }).Statement;
