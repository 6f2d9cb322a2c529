import { asKeysError, KeysError } from '../domain/errors.ts';
import { intake } from '../domain/relay/intake/intake.ts';
import { type Refusal, refusalOf } from '../domain/relay/intake/refusal.ts';
import { type HttpRequest, routeAt } from '../domain/relay/intake/request.ts';
import type { Taken } from '../domain/relay/intake/take.ts';
import type { Log } from '../log.ts';
import { countRelayed } from '../metrics.ts';
import { createRelayIntakeRuntime, type RelayIntakeRuntime } from '../relay-intake-runtime.ts';
import { describeError, worker } from '../worker.ts';

const NOUN = 'relay-intake';

/** Takes one request of Dify's, or of another program's, and answers it in its own form. */
export async function relayIntake(runtime: RelayIntakeRuntime, event: unknown, log: Log) {
  const request = runtime.requestIn(event);
  if (!request) {
    throw new KeysError(
      'EVENT_MALFORMED',
      'The payload is no request of an HTTP API in payload format 2.0; nothing was done.',
    );
  }
  let told: KeysError | undefined;
  try {
    const taken = await intake(runtime, request);
    tellTaken(runtime, request, taken, log);
    return runtime.takenAnswer(request, taken);
  } catch (error) {
    const failure = asKeysError(error);
    const refusal = refusalOf(failure, routeAt(request.path));
    tellRefused(runtime, request, refusal, failure, log);
    told = failure;
    return runtime.refusedAnswer(request, refusal);
  } finally {
    const untold = runtime.failures().filter((failure) => failure !== told);
    for (const failure of untold) log.error(failure.message, describeError(failure));
  }
}

/** Of a path that the relay doesn't have nothing is told: whoever sends chose it. */
const routeTold = ({ path }: HttpRequest) => routeAt(path) ?? 'unknown';

function tellTaken(
  { environment }: RelayIntakeRuntime,
  request: HttpRequest,
  taken: Taken,
  log: Log,
) {
  const { events, models, rejected, scrubbed } = taken;
  const told = { environment, route: routeTold(request), http_status: 200 };
  log.info('Taken', { ...told, events, models, rejected, scrubbed });
  countRelayed(NOUN, environment, { received: events, scrubbed });
}

function tellRefused(
  { environment }: RelayIntakeRuntime,
  request: HttpRequest,
  { status, code }: Refusal,
  failure: KeysError,
  log: Log,
) {
  const told = { environment, route: routeTold(request), http_status: status, code };
  if (status < 500) log.info('Refused', { ...told, source_ip: request.address });
  else log.error(failure.message, { ...describeError(failure), ...told });
  countRelayed(NOUN, environment, { refused: 1, ...(status < 500 ? {} : { unavailable: 1 }) });
}

export const handler = worker(NOUN, relayIntake, createRelayIntakeRuntime);
