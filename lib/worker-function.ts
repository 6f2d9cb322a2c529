import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type FunctionNoun, functionName, variable } from '../lambda/contract.ts';
import { acknowledgeLogStreams } from './acknowledgements.ts';
import type { EnvironmentConfig } from './config.ts';
import type { OperationsCmk } from './encryption.ts';
import type { Notifications } from './notifications.ts';

export interface WorkerFunctionProps {
  readonly noun: FunctionNoun;
  readonly description: string;
  readonly environment: EnvironmentConfig;
  readonly operationsCmk: OperationsCmk;
  readonly notifications: Notifications;
}

/** The one default of all functions: Lambda's newest Node, arm64, SDK bundled, a role and a log group of its own. */
export class WorkerFunction extends NodejsFunction {
  /** Apart from the role, so that key policies may name the role and this may name the keys. */
  readonly permissions: Policy;

  constructor(scope: Construct, id: string, props: WorkerFunctionProps) {
    const { noun, description, environment, operationsCmk, notifications } = props;
    const name = functionName(environment.name, noun);
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      logGroupName: `/aws/lambda/${name}`,
      retention: RetentionDays.ONE_YEAR,
      encryptionKey: operationsCmk,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Role of ${name}`,
    });
    super(scope, id, {
      functionName: name,
      description,
      entry: join(import.meta.dirname, '..', 'lambda', 'handlers', `${noun}.ts`),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(60),
      role,
      logGroup,
      environment: variablesOf(environment, notifications.topic.topicArn),
      awsSdkConnectionReuse: false,
      bundling: {
        bundleAwsSDK: true,
        format: OutputFormat.CJS,
        minify: true,
        target: 'node24',
      },
    });
    this.permissions = new Policy(scope, `${id}Permissions`, { roles: [role] });
    acknowledgeLogStreams(this.permissions, logGroup);
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [`${logGroup.logGroupArn}:*`]);
  }

  /** Allows exactly these actions on these resources. */
  allow(actions: string[], resources: string[], conditions: Record<string, unknown> = {}) {
    this.permissions.addStatements(
      new PolicyStatement({ effect: Effect.ALLOW, actions, resources, conditions }),
    );
  }
}

function variablesOf({ name, amplitude }: EnvironmentConfig, topicArn: string) {
  return {
    [variable.environment]: name,
    [variable.organization]: amplitude.organization,
    [variable.projectId]: amplitude.projectId,
    [variable.dataResidency]: amplitude.dataResidency,
    [variable.endpoints]: JSON.stringify(amplitude.endpoints),
    [variable.topicArn]: topicArn,
  };
}
