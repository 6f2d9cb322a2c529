import { describe, expect, it } from 'vitest';
import { resourcesOf, synthesize } from './synthesized.ts';

const layerArn = 'arn:aws:lambda:eu-west-1:615299751070:layer:AWSOpenTelemetryDistroJs:9';
const endpoint = 'https://otlp.example.com';

const functionsOf = (over: object) =>
  resourcesOf(synthesize(over), 'AWS::Lambda::Function').map(({ Properties }) => Properties);
const variablesOf = ({ Environment }: Readonly<Record<string, unknown>> = {}) =>
  (Environment as { Variables: Record<string, string> }).Variables;
const xrayActions = (over: object) =>
  JSON.stringify(resourcesOf(synthesize(over), 'AWS::IAM::Policy')).match(/xray:\w+/g) ?? [];

describe('without tracing', () => {
  it('a function has no layer, no wrapper and no right to X-Ray', () => {
    for (const lambda of functionsOf({})) {
      expect(lambda).not.toHaveProperty('Layers');
      expect(lambda).not.toHaveProperty('TracingConfig');
      expect(Object.keys(variablesOf(lambda)).join()).not.toMatch(/OTEL|WRAPPER/);
    }
    expect(xrayActions({})).toEqual([]);
  });
});

describe('with a layer alone', () => {
  const functions = functionsOf({ tracing: { layerArn } });

  it('every function is traced by X-Ray and may send its segments', () => {
    expect(functions).toHaveLength(4);
    for (const lambda of functions) {
      expect(lambda.Layers).toEqual([layerArn]);
      expect(lambda.TracingConfig).toEqual({ Mode: 'Active' });
    }
    const four = (action: string) => Array(4).fill(action);
    expect(xrayActions({ tracing: { layerArn } }).toSorted()).toEqual([
      ...four('xray:PutTelemetryRecords'),
      ...four('xray:PutTraceSegments'),
    ]);
  });

  it('a trace names its service as the log lines do, and the environment', () => {
    const services = functions.map((lambda) => variablesOf(lambda).OTEL_SERVICE_NAME);
    expect(services.toSorted()).toEqual([
      'amplitude-emergency',
      'amplitude-inspect',
      'amplitude-lifecycle',
      'amplitude-rotation',
    ]);
    for (const lambda of functions) {
      expect(variablesOf(lambda)).toMatchObject({
        AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-instrument',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=dev',
        OTEL_AWS_APPLICATION_SIGNALS_ENABLED: 'false',
      });
      expect(variablesOf(lambda)).not.toHaveProperty('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
    }
  });
});

describe('with an endpoint', () => {
  const functions = functionsOf({ tracing: { layerArn, endpoint } });

  it('traces go there, every one of them, and none to X-Ray', () => {
    for (const lambda of functions) {
      expect(variablesOf(lambda)).toMatchObject({
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://otlp.example.com/v1/traces',
        OTEL_TRACES_SAMPLER: 'always_on',
      });
      expect(lambda).not.toHaveProperty('TracingConfig');
    }
    expect(xrayActions({ tracing: { layerArn, endpoint } })).toEqual([]);
  });
});
