import { AmplitudeStandIn } from '../amplitude.ts';
import { KEYS } from '../lambda/world.ts';

/** Asked of the process: how many events came since it was asked last, each counted once. */
export interface Told {
  readonly ingestion?: string;
  readonly events?: number;
}

// A process of its own, so that its time isn't that of whoever sends
const standIn = await AmplitudeStandIn.start();
standIn.generate(KEYS.first);
const tell = (told: Told) => process.send?.(told);
process.on('message', () => {
  tell({ events: standIn.countsByInsertId().size });
  for (const list of [standIn.events, standIn.requests, standIn.headers]) list.length = 0;
});
process.on('disconnect', () => process.exit());
tell({ ingestion: standIn.endpoints.US.ingestion });
