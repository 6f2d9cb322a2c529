import { KMSClient } from '@aws-sdk/client-kms';
import pLimit from 'p-limit';
import { cmk } from './adapters/kms.ts';
import type { AtOnce, Cmk } from './domain/ports.ts';
import { createRuntime, onLambda, type Runtime, type Wiring } from './runtime.ts';

/** What `inspect` acts through. Apart from the rotation's, whose bundle needs no KMS client. */
export interface InspectRuntime extends Runtime {
  readonly cmk: Cmk;
  readonly atOnce: AtOnce;
}

export interface InspectWiring extends Wiring {
  readonly clients: Wiring['clients'] & { readonly kms: KMSClient };
}

export const inspectOnLambda = (): InspectWiring => {
  const wiring = onLambda();
  return { ...wiring, clients: { ...wiring.clients, kms: new KMSClient({}) } };
};

export function createInspectRuntime(wiring: InspectWiring = inspectOnLambda()): InspectRuntime {
  const runtime = createRuntime(wiring);
  return {
    ...runtime,
    cmk: cmk(wiring.clients.kms, runtime.settings.keysCmkArn),
    atOnce: pLimit,
  };
}
