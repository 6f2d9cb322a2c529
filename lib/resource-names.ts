import { Aws } from 'aws-cdk-lib';
import { secretName } from '../lambda/contract.ts';

const arn = (service: string, resource: string) =>
  `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;

const iam = (resource: string) => `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:${resource}`;

/** Every secret of the environment and nothing else: the permissions' outer bound. */
export const secretArns = (environment: string) => secretArn(secretName(environment, '*'));

/** Without the random end that Secrets Manager adds. */
export const secretArn = (name: string) => arn('secretsmanager', `secret:${name}`);

export const stagedParameterArns = (environment: string) =>
  arn('ssm', `parameter/amplitude/${environment}/*`);

/** Of a role of the stack's account, where naming the resource would close a circle. */
export const roleArn = (name: string) => iam(`role/${name}`);

/** Every IAM user of the stack's account. */
export const userArns = () => iam('user/*');

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html */
export const logGroupArn = (name: string) => arn('logs', `log-group:${name}:*`);

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids */
export const ecsArns = {
  cluster: (cluster: string) => arn('ecs', `cluster/${cluster}`),
  service: ({ cluster, service }: { readonly cluster: string; readonly service: string }) =>
    arn('ecs', `service/${cluster}/${service}`),
  tasks: (cluster: string) => arn('ecs', `task/${cluster}/*`),
};

export const defaultEventBusArn = () => arn('events', 'event-bus/default');
type KmsUser = 'secretsmanager' | 'ssm' | 'sns' | 'sqs' | 'dynamodb';

/** Condition: the CMK is used through these services only, never directly. */
export const through = (...services: KmsUser[]) => ({
  StringEquals: {
    'kms:ViaService': services.map((service) => `${service}.${Aws.REGION}.amazonaws.com`),
  },
});

/** Condition: of the tags that a call sets or takes off, these alone. */
export const onlyTags = (...tags: string[]) => ({
  'ForAllValues:StringEquals': { 'aws:TagKeys': tags },
  // ForAllValues alone is also true of no tag at all.
  Null: { 'aws:TagKeys': 'false' },
});
