import { admit } from './admit.ts';
import type { IntakePorts } from './ports.ts';
import { formAt, type HttpRequest, routeOf } from './request.ts';
import { type Taken, takePosted, takeTraces } from './take.ts';

/**
 * Takes what a request holds. What costs least and tells a stranger least is looked at first: nothing
 * is decompressed of a request without a token.
 * @throws KeysError why it isn't taken; `refusalOf` tells what that is in HTTP
 */
export async function intake(ports: IntakePorts, request: HttpRequest): Promise<Taken> {
  await admit(ports, request);
  const route = routeOf(request);
  const form = formAt(route, request);
  const body = await ports.bodies.read(request);
  return route === 'traces'
    ? takeTraces(ports, ports.bodies.spansIn(form, body))
    : takePosted(ports, body, request.id);
}
