import { refuse } from './document.ts';

/** Where a template is taken to be deployed. */
export const PLACE = { partition: 'aws', region: 'eu-west-1', account: '111122223333' } as const;

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have the types of CloudFormation
  readonly Properties: Readonly<Record<string, any>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export type Resources = Readonly<Record<string, Resource>>;

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': PLACE.partition,
  'AWS::Region': PLACE.region,
  'AWS::AccountId': PLACE.account,
};

export const arn = (service: string, resource: string, { region = PLACE.region as string } = {}) =>
  `arn:${PLACE.partition}:${service}:${region}:${PLACE.account}:${resource}`;

const iam = (resource: string) => arn('iam', resource, { region: '' });

/** The name that the template gives a resource, or else the one that stands in for CloudFormation's. */
const nameOf = (
  id: string,
  { Properties: { RoleName, FunctionName, LogGroupName, QueueName, TableName, Name } }: Resource,
) => RoleName ?? FunctionName ?? LogGroupName ?? QueueName ?? TableName ?? Name ?? id;

type Naming = (id: string, resource: Resource) => string;

const ARN: Readonly<Record<string, Naming>> = {
  'AWS::IAM::Role': (id, role) => iam(`role/${nameOf(id, role)}`),
  'AWS::IAM::ManagedPolicy': (_, { Properties }) => iam(`policy/${Properties.ManagedPolicyName}`),
  'AWS::KMS::Key': (id) => arn('kms', `key/${id}`),
  'AWS::SNS::Topic': (id) => arn('sns', id),
  'AWS::SQS::Queue': (id, queue) => arn('sqs', nameOf(id, queue)),
  'AWS::DynamoDB::Table': (id, table) => arn('dynamodb', `table/${nameOf(id, table)}`),
  'AWS::Events::Rule': (id, rule) => arn('events', `rule/${nameOf(id, rule)}`),
  'AWS::Lambda::Function': (id, one) => arn('lambda', `function:${nameOf(id, one)}`),
  'AWS::Logs::LogGroup': (id, group) => arn('logs', `log-group:${nameOf(id, group)}:*`),
  // Secrets Manager ends the ARN with six characters of its own
  'AWS::SecretsManager::Secret': (id, secret) =>
    arn('secretsmanager', `secret:${nameOf(id, secret)}-AbCdEf`),
};

/** Of these, `Ref` is the ARN. */
const REF_IS_ARN = ['AWS::IAM::ManagedPolicy', 'AWS::SNS::Topic', 'AWS::SecretsManager::Secret'];

/** Of these, it is the name, or KMS's key id. */
const REF_IS_NAME = ['AWS::IAM::Role', 'AWS::KMS::Key'];

/** Of these, it is an id that Lambda makes; ours stands in for it. */
const REF_IS_ID = ['AWS::Lambda::EventSourceMapping'];

/** A part of a template as CloudFormation would write it out. */
export function resolve(value: unknown, resources: Resources): unknown {
  if (Array.isArray(value)) return value.map((one) => resolve(one, resources));
  if (typeof value !== 'object' || value === null) return value;
  const [[name = '', argument] = [], ...others] = Object.entries(value);
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
    return intrinsic(name, argument, resources);
  }
  const entries = Object.entries(value).map(([key, one]) => [key, resolve(one, resources)]);
  return Object.fromEntries(entries);
}

function intrinsic(name: string, argument: unknown, resources: Resources): unknown {
  if (name === 'Ref') return ref(String(argument), resources);
  if (name === 'Fn::GetAtt') {
    const [id, attribute] = argument as [string, string];
    return attribute === 'Arn' ? arnOf(id, resources) : refuse(`${attribute} of ${id}`);
  }
  if (name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map((part) => resolve(part, resources)).join(separator);
  }
  return refuse(`the function ${name}`);
}

function ref(id: string, resources: Resources): string {
  const pseudo = PSEUDO[id];
  if (pseudo !== undefined) return pseudo;
  const type = resources[id]?.Type ?? refuse(`the resource ${id}`);
  if (REF_IS_ARN.includes(type)) return arnOf(id, resources);
  if (REF_IS_ID.includes(type)) return id;
  return REF_IS_NAME.includes(type)
    ? nameOf(id, resources[id] as Resource)
    : refuse(`Ref of ${type}`);
}

export function arnOf(id: string, resources: Resources): string {
  const resource = resources[id] ?? refuse(`the resource ${id}`);
  const naming = ARN[resource.Type] ?? refuse(`the ARN of ${resource.Type}`);
  return naming(id, resource);
}
