import type { Services } from '../ports.ts';
import { serviceName } from './services.ts';

/** Keys that share a service restart it once: its tasks then read all of them. */
export function restartingOnce(services: Services): Services {
  const begun = new Map<string, Promise<void>>();
  return {
    ...services,
    restart(service) {
      const name = serviceName(service);
      const restart = begun.get(name) ?? services.restart(service);
      begun.set(name, restart);
      return restart;
    },
  };
}
