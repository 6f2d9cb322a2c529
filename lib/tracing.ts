import { type FunctionProps, LayerVersion, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FunctionNoun } from '../lambda/contract.ts';
import type { EnvironmentConfig } from './config.ts';
import type { TracingValues } from './environment-values.ts';

/**
 * At the end of a bundle: exports that the layer can wrap. esbuild's own are getters that can't be
 * replaced. https://github.com/open-telemetry/opentelemetry-lambda/issues/1781
 */
export const REPLACEABLE_EXPORTS = 'module.exports = { ...module.exports };';

type Traced = Pick<FunctionProps, 'layers' | 'tracing'>;

/** The layer; X-Ray records the invocation itself only where the traces go there. */
export function tracingLayer(scope: Construct, id: string, tracing?: TracingValues): Traced {
  if (!tracing) return {};
  return {
    layers: [LayerVersion.fromLayerVersionArn(scope, id, tracing.layerArn)],
    tracing: tracing.endpoint ? Tracing.DISABLED : Tracing.ACTIVE,
  };
}

/** What the layer is told; spans take their trace id from Lambda, as the log lines do. */
export function tracingVariables(
  noun: FunctionNoun,
  { name, tracing }: EnvironmentConfig,
): Readonly<Record<string, string>> {
  if (!tracing) return {};
  return {
    AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-instrument',
    OTEL_SERVICE_NAME: `amplitude-${noun}`,
    OTEL_RESOURCE_ATTRIBUTES: `deployment.environment.name=${name}`,
    // The layer would send metrics too.
    OTEL_AWS_APPLICATION_SIGNALS_ENABLED: 'false',
    ...(tracing.endpoint ? receiver(tracing.endpoint) : {}),
  };
}

/**
 * On Lambda the layer heeds the variable for traces alone. Without X-Ray, Lambda marks every
 * invocation as not sampled, so that a sampler which follows it would send nothing.
 */
const receiver = (endpoint: string) => ({
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${endpoint}/v1/traces`,
  OTEL_TRACES_SAMPLER: 'always_on',
});
