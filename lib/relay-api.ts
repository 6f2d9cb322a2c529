import { Aws } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnPermission, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { relayPath, relayQueueName } from '../lambda/contract.ts';
import { acknowledgeOwnAuthorization } from './acknowledgements.ts';
import { routeArn } from './resource-names.ts';

const METHOD = 'POST';

/**
 * What is written of a request: nothing that its sender chose. No path but the route's, no header, no
 * query, no message of an error.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const ACCESS_LOG = JSON.stringify({
  message: 'Request',
  request_id: '$context.requestId',
  at: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  // Of Lambda, not of the function: 429 where all runs were taken, and the sender was told 503.
  lambda_status: '$context.integrationStatus',
  source_ip: '$context.identity.sourceIp',
  latency_ms: '$context.responseLatency',
});

/**
 * The address of the relay: two routes to one function, which checks the token itself, since Dify can
 * send a token and nothing else. It has no limit of requests: API Gateway would answer 429 beyond it,
 * on which Dify drops its traces. Where Lambda has no run left it answers a 5xx instead, after which
 * Dify tries again. (That of the account, 10,000 requests a second, is there all the same.)
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export class RelayApi extends Construct {
  /** Without a slash at its end, as Dify's settings take it. */
  readonly url: string;

  constructor(scope: Construct, id: string, environment: string, intake: LambdaFunction) {
    super(scope, id);
    const api = new CfnApi(this, 'Api', {
      name: relayQueueName(environment),
      description: `Takes Dify's traces and events for the Amplitude project of ${environment}`,
      protocolType: 'HTTP',
    });
    const integration = new CfnIntegration(this, 'Integration', {
      apiId: api.ref,
      integrationType: 'AWS_PROXY',
      integrationUri: intake.functionArn,
      payloadFormatVersion: '2.0',
    });
    for (const path of Object.values(relayPath)) this.route(api, integration, intake, path);
    new CfnStage(this, 'Stage', {
      apiId: api.ref,
      stageName: '$default',
      autoDeploy: true,
      // Beside what the function says of the same request.
      accessLogSettings: { destinationArn: intake.logGroup.logGroupArn, format: ACCESS_LOG },
    });
    this.url = api.attrApiEndpoint;
  }

  private route(
    api: CfnApi,
    integration: CfnIntegration,
    intake: LambdaFunction,
    path: (typeof relayPath)[keyof typeof relayPath],
  ) {
    const name = path.replace('/v1/', '');
    const route = new CfnRoute(this, `Route-${name}`, {
      apiId: api.ref,
      routeKey: `${METHOD} ${path}`,
      authorizationType: 'NONE',
      target: `integrations/${integration.ref}`,
    });
    acknowledgeOwnAuthorization(route);
    new CfnPermission(this, `Permission-${name}`, {
      action: 'lambda:InvokeFunction',
      functionName: intake.functionArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: routeArn(api.ref, { method: METHOD, path }),
      sourceAccount: Aws.ACCOUNT_ID,
    });
  }
}
