import type { ECSClient } from '@aws-sdk/client-ecs';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { awsRefusal } from '../../../../bin/operator/aws-refusal.ts';
import { awsFailure } from '../../../../lambda/adapters/aws-error.ts';
import { ecsServices } from '../../../../lambda/adapters/ecs.ts';
import { emergencyFunction } from '../../../../lambda/adapters/emergency-function.ts';
import { ofJson, ofText, ofValue } from '../inputs.ts';

/** Errors of the SDK, whose words come from whoever answered. */
export const awsErrors = ofValue(
  [
    {
      name: 'InvalidRequestException',
      message: 'You tried to perform the operation on a secret that is marked for deletion.',
      $metadata: { requestId: '00000000-0000-4000-8000-000000000001' },
    },
    { name: 'AccessDeniedException', message: 'Access to KMS is not allowed', code: 'ECONNRESET' },
  ],
  {
    name: 'errors of AWS',
    limit: 65_536,
    parse: (error) => {
      const caller = { environment: 'dev' };
      throw typeof error === 'object' && error !== null && 'code' in error
        ? awsRefusal('GetSecretValue', 'secret', caller, error)
        : awsFailure('GetSecretValue', 'secret', error);
    },
  },
);

/** 6 MB, the most that Lambda answers with. */
const ANSWER_MS = 3_000;

const REPORT = {
  plan: [{ what: 'Lock web down', doneAt: '2026-11-24T00:00:00.000Z' }],
  contained: { contained: true, proof: 'A read was denied.' },
};

/** The emergency function's answer to the sweep that asked it for a lockdown. */
export const lockdownAnswers = ofJson(
  [REPORT, { ...REPORT, contained: { contained: false, proof: 'No.' } }],
  {
    name: 'answers to the sweep',
    limit: 6_000_000,
    boundMs: ANSWER_MS,
    climbs: { short: 1, long: 8 },
    parse: async (text) => {
      const send = async () => ({ Payload: Buffer.from(text) });
      await emergencyFunction({ send } as unknown as LambdaClient, 'emergency').lock('web', 'lost');
      const { contained } = JSON.parse(text.replace(/^\ufeff/, ''));
      if (contained.contained !== true) return 'not contained';
      return 'contained';
    },
    fault: (result) => (result === 'contained' ? undefined : 'it takes a key for locked down'),
  },
);

/** Why a deployment of ECS failed: a text that quotes what containers and agents say. */
export const deploymentReasons = ofText(
  [
    'Service deployment rolled back because the circuit breaker threshold was exceeded.',
    `CannotPullContainerError: image@sha256:${'0f1e'.repeat(16)} was not found.`,
    `ResourceInitializationError: unable to pull secrets: ${'1f0e9d8c'.repeat(4)}`,
  ],
  {
    name: 'reasons of a deployment',
    limit: 65_536,
    parse: async (statusReason) => {
      const send = async () => ({ serviceDeployments: [{ status: 'STOPPED', statusReason }] });
      const services = ecsServices({ send } as unknown as ECSClient);
      const asked = { cluster: 'dify', service: 'web' };
      const [deployment] = await services.deploymentsSince(asked, new Date(0));
      return deployment?.told;
    },
    fault: (told) =>
      /^STOPPED[ -~]{0,202}$/.test(String(told)) ? undefined : 'it is no short line of ASCII',
    told: String,
  },
);
