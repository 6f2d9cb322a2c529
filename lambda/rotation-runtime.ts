import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { eventBus } from './adapters/event-bridge.ts';
import type { Announcer } from './domain/ports.ts';
import { createRuntime, onLambda, type Runtime, UNHURRIED, type Wiring } from './runtime.ts';

/** What `rotation` acts through. Apart from the rest, since `inspect` announces nothing. */
export interface RotationRuntime extends Runtime {
  readonly announcer: Announcer;
}

export interface RotationWiring extends Wiring {
  readonly clients: Wiring['clients'] & { readonly events: EventBridgeClient };
}

const wired = (): RotationWiring => {
  const wiring = onLambda();
  return { ...wiring, clients: { ...wiring.clients, events: new EventBridgeClient(UNHURRIED) } };
};

export function createRotationRuntime(wiring: RotationWiring = wired()): RotationRuntime {
  return { ...createRuntime(wiring), announcer: eventBus(wiring.clients.events) };
}
