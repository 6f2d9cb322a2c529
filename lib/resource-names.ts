import { Aws } from 'aws-cdk-lib';
import { secretName } from '../lambda/contract.ts';

const arn = (service: string, resource: string) =>
  `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;

/** Every secret of the environment and nothing else: the permissions' outer bound. */
export const secretArns = (environment: string) =>
  arn('secretsmanager', `secret:${secretName(environment, '*')}`);

export const stagedParameterArns = (environment: string) =>
  arn('ssm', `parameter/amplitude/${environment}/*`);

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html */
export const logGroupArn = (name: string) => arn('logs', `log-group:${name}:*`);

type KmsUser = 'secretsmanager' | 'ssm' | 'sns' | 'sqs' | 'dynamodb';

/** Condition: the CMK is used through these services only, never directly. */
export const through = (...services: KmsUser[]) => ({
  StringEquals: {
    'kms:ViaService': services.map((service) => `${service}.${Aws.REGION}.amazonaws.com`),
  },
});
