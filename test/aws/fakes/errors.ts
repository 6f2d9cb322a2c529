import { CloudTrailServiceException } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsServiceException } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { ECSServiceException } from '@aws-sdk/client-ecs';
import { EventBridgeServiceException } from '@aws-sdk/client-eventbridge';
import { IAMServiceException } from '@aws-sdk/client-iam';
import { KMSServiceException } from '@aws-sdk/client-kms';
import { LambdaServiceException } from '@aws-sdk/client-lambda';
import { SecretsManagerServiceException } from '@aws-sdk/client-secrets-manager';
import { SNSServiceException } from '@aws-sdk/client-sns';
import { SSMServiceException } from '@aws-sdk/client-ssm';
import { STSServiceException } from '@aws-sdk/client-sts';

export type ServiceName =
  | 'secretsmanager'
  | 'ssm'
  | 'sns'
  | 'kms'
  | 'cloudtrail'
  | 'dynamodb'
  | 'logs'
  | 'sts'
  | 'lambda'
  | 'ecs'
  | 'events'
  | 'iam';

interface Exception extends Error {
  $metadata: { httpStatusCode?: number; requestId?: string };
}

type ExceptionClass = new (options: {
  message: string;
  $metadata: { httpStatusCode: number };
}) => Exception;

/** Throws one of the SDK's own exceptions; whoever sends the answer adds the request id. */
export function raise(Exception: ExceptionClass, message: string, httpStatusCode = 400): never {
  throw new Exception({ message, $metadata: { httpStatusCode } });
}

const SERVICE_EXCEPTIONS = {
  secretsmanager: SecretsManagerServiceException,
  ssm: SSMServiceException,
  sns: SNSServiceException,
  kms: KMSServiceException,
  cloudtrail: CloudTrailServiceException,
  dynamodb: DynamoDBServiceException,
  logs: CloudWatchLogsServiceException,
  sts: STSServiceException,
  lambda: LambdaServiceException,
  ecs: ECSServiceException,
  events: EventBridgeServiceException,
  iam: IAMServiceException,
};

/** An error that the service's SDK has no class for: ThrottlingException, AccessDeniedException … */
export function serviceError(
  service: ServiceName,
  name: string,
  message: string,
  httpStatusCode = 400,
): Exception {
  const $fault = httpStatusCode >= 500 ? 'server' : 'client';
  const ServiceException = SERVICE_EXCEPTIONS[service];
  return new ServiceException({ name, message, $fault, $metadata: { httpStatusCode } });
}

export function isAwsException(error: unknown): error is Exception {
  return error instanceof Error && '$metadata' in error;
}
