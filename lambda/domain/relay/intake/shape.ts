import type { RelayProperty, RelaySettings } from '../../../contract.ts';
import { modelsTold } from '../models.ts';
import type { Awaited, RelayEvent } from '../relay-event.ts';
import type { Execution } from './execution.ts';
import { type Digest, whoseEvent } from './who.ts';

/** How events are made of executions, and of what others post. */
export interface Shaping {
  readonly settings: RelaySettings;
  readonly digest: Digest;
  readonly receivedAt: Date;
}

/** The event of an execution, as Amplitude takes it; the same execution gives the same insert_id. */
export function shapeExecution(execution: Execution, shaping: Shaping): RelayEvent {
  const { settings, digest, receivedAt } = shaping;
  const { of, id, userId } = execution;
  const awaits = awaitedOf(execution, settings);
  return {
    event: {
      event_type: settings.eventTypes[of],
      ...whoseEvent(userId, `dify-run-${id}`, settings, digest),
      time: timeOf(execution.endedMs, receivedAt),
      insert_id: id,
      event_properties: propertiesOf(execution, settings),
    },
    receivedAt: receivedAt.toISOString(),
    ...(awaits ? { awaits } : {}),
  };
}

/** A message of a chat names its own model; of a run, some may have come and others will. */
function awaitedOf(execution: Execution, { properties }: RelaySettings): Awaited | undefined {
  const { of, traceId, models, startedMs = 0, endedMs = 0 } = execution;
  const property = properties.model_used;
  if (property === '' || (of === 'chat' && models.length > 0)) return undefined;
  return { trace: traceId, property, models, startedMs, endedMs };
}

/** A clock far ahead of ours is not believed: Amplitude's charts would end in the future. */
export const timeOf = (told: number | undefined, receivedAt: Date) =>
  told !== undefined && told > 0 && told < receivedAt.getTime() + DAY
    ? Math.floor(told)
    : receivedAt.getTime();

const DAY = 86_400_000;

function propertiesOf(execution: Execution, { properties }: RelaySettings) {
  const { models } = execution;
  const values: Readonly<Record<RelayProperty, string | number | undefined>> = {
    workflow_id: execution.workflowId,
    model_used: models.length > 0 ? modelsTold(models) : undefined,
    app: execution.app,
    app_id: execution.appId,
    status: execution.status,
    duration: execution.seconds,
    tokens: execution.tokens,
    version: execution.version,
    triggered_from: execution.triggeredFrom,
  };
  const told = Object.entries(values).flatMap(([property, value]) => {
    const name = properties[property as RelayProperty];
    return value === undefined || name === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(told);
}
