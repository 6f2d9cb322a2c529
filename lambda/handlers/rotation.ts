import * as z from 'zod/mini';
import { KeysError } from '../domain/errors.ts';
import { rotate } from '../domain/rotation.ts';
import { type RotationEvent, STEPS } from '../domain/rotation-event.ts';
import { journalOf } from '../journal.ts';
import type { Log } from '../log.ts';
import { countRotation } from '../metrics.ts';
import { withoutKey } from '../request.ts';
import { createRotationRuntime, type RotationRuntime } from '../rotation-runtime.ts';
import { worker } from '../worker.ts';

const schema = z.object({
  Step: z.string(),
  SecretId: withoutKey(/./),
  ClientRequestToken: z.string().check(z.minLength(32), z.maxLength(64)),
});

function parse(event: unknown): RotationEvent {
  const { data } = schema.safeParse(event);
  if (!data) {
    throw new KeysError(
      'EVENT_MALFORMED',
      'This is not an event of Secrets Manager: it needs Step, SecretId and ClientRequestToken. Start a rotation by RotateSecret: npx keyctl rotate.',
    );
  }
  const step = STEPS.find((known) => known === data.Step);
  if (!step) {
    throw new KeysError(
      'STEP_UNKNOWN',
      `The event's Step is none of ${STEPS.join(', ')}; nothing was done.`,
    );
  }
  return { step, secretId: data.SecretId, token: data.ClientRequestToken };
}

/** One step of Secrets Manager's rotation of one key. */
export async function rotation(runtime: RotationRuntime, input: unknown, log: Log): Promise<void> {
  log.caller('secretsmanager.amazonaws.com');
  const { environment } = runtime.settings;
  try {
    const event = parse(input);
    log.info('Step begins', { step: event.step, version: event.token });
    await rotate({ ...runtime, environment, journal: journalOf(log, environment) }, event);
    if (event.step === 'finishSecret') countRotation('rotationSucceeded', environment);
  } catch (error) {
    countRotation('rotationFailed', environment);
    throw error;
  }
}

export const handler = worker('rotation', rotation, createRotationRuntime);
