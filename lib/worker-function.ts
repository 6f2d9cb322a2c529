import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type FunctionNoun, functionName, roleName, variable } from '../lambda/contract.ts';
import { acknowledgeTracing } from './acknowledgements.ts';
import { bundledCode } from './bundle.ts';
import type { EnvironmentConfig } from './config.ts';
import type { KeysCmk, OperationsCmk } from './encryption.ts';
import { subscribe } from './log-subscription.ts';
import type { Notifications } from './notifications.ts';
import { functionThresholds, TIMEOUT_SECONDS } from './thresholds.ts';
import { REPLACEABLE_EXPORTS, tracingLayer, tracingVariables } from './tracing.ts';

export interface WorkerFunctionProps {
  readonly noun: FunctionNoun;
  readonly description: string;
  readonly environment: EnvironmentConfig;
  readonly keysCmk: KeysCmk;
  readonly operationsCmk: OperationsCmk;
  readonly notifications: Notifications;
}

const RUNTIME = Runtime.NODEJS_24_X;

/** The one default of all functions: Lambda's newest Node, arm64, SDK bundled, a role and a log group of its own. */
export class WorkerFunction extends LambdaFunction {
  /** Apart from the role, so that key policies may name the role and this may name the keys. */
  readonly permissions: Policy;
  readonly executionRole: Role;
  readonly noun: FunctionNoun;

  constructor(scope: Construct, id: string, props: WorkerFunctionProps) {
    const { noun, description, environment } = props;
    const { tracing } = environment;
    const name = functionName(environment.name, noun);
    const logGroup = logGroupOf(scope, `${id}Logs`, props);
    const role = new Role(scope, `${id}Role`, {
      roleName: roleName(environment.name, noun),
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Role of ${name}`,
    });
    super(scope, id, {
      functionName: name,
      description,
      runtime: RUNTIME,
      code: bundledCode(noun, tracing ? REPLACEABLE_EXPORTS : '', RUNTIME),
      handler: 'index.handler',
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(TIMEOUT_SECONDS[noun]),
      role,
      logGroup,
      environment: { ...variablesOf(props), ...tracingVariables(noun, environment) },
      ...tracingLayer(scope, `${id}TracingLayer`, tracing),
    });
    this.executionRole = role;
    this.noun = noun;
    this.permissions = new Policy(scope, `${id}Permissions`, { roles: [role] });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    if (tracing) acknowledgeTracing(role);
    props.notifications.alarm(scope, functionThresholds(noun));
  }

  /** Allows exactly these actions on these resources. */
  allow(actions: string[], resources: string[], conditions: Record<string, unknown> = {}) {
    this.permissions.addStatements(
      new PolicyStatement({ effect: Effect.ALLOW, actions, resources, conditions }),
    );
  }
}

function logGroupOf(scope: Construct, id: string, props: WorkerFunctionProps): LogGroup {
  const { noun, environment, operationsCmk } = props;
  const logGroup = new LogGroup(scope, id, {
    logGroupName: `/aws/lambda/${functionName(environment.name, noun)}`,
    retention: RetentionDays.ONE_YEAR,
    encryptionKey: operationsCmk,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  subscribe(logGroup, environment.logSubscription);
  return logGroup;
}

function variablesOf({ environment, keysCmk, notifications }: WorkerFunctionProps) {
  const { name, amplitude, notificationFormat } = environment;
  return {
    [variable.environment]: name,
    [variable.organization]: amplitude.organization,
    [variable.projectId]: amplitude.projectId,
    [variable.dataResidency]: amplitude.dataResidency,
    [variable.endpoints]: JSON.stringify(amplitude.endpoints),
    [variable.topicArn]: notifications.topic.topicArn,
    [variable.keysCmkArn]: keysCmk.keyArn,
    [variable.notificationFormat]: notificationFormat,
    [variable.addresses]: String(environment.notify.length),
  };
}
