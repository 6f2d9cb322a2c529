import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { exampleKey, stackOf } from './synthesized.ts';

const layerArn = 'arn:aws:lambda:eu-west-1:615299751070:layer:AWSOpenTelemetryDistroJs:9';
const consumer = { role: 'arn:aws:iam::111122223333:role/web', purpose: 'events' };
const everything = {
  cloudTrailLogGroup: 'org/cloudtrail',
  responder: { requireMfa: false },
  tracing: { layerArn },
  keys: { web: { ...exampleKey, sensitivity: 'sensitive', consumers: [consumer] } },
};

function checked(over: object) {
  const { app } = stackOf(over);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

describe("cdk-nag's AwsSolutions", () => {
  it.each([
    ['without options', {}],
    ['with every option', everything],
  ])(
    'find nothing in an environment %s that is not acknowledged with its reason',
    (_, over) => {
      expect(() => checked(over).synth()).not.toThrow();
    },
    60_000,
  );
});
