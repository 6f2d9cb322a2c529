import { secretName } from '../../../contract.ts';
import { failureOf, KeysError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import {
  type ApplyPorts,
  applyEverywhere,
  type Denying,
  type Failures,
} from '../../quarantine/apply.ts';
import { markAnnounced } from '../../quarantine/change.ts';
import type { QuarantineAnnouncer, QuarantineTags } from '../../quarantine/ports.ts';
import type { Kept } from '../../quarantine/quarantine.ts';
import type { Known } from '../known.ts';

export interface CarryOutPorts extends ApplyPorts {
  readonly quarantineAnnouncer: QuarantineAnnouncer;
}

/** How quarantines were carried out. */
export interface CarriedOut {
  /** Why the tags of a key couldn't be set. */
  readonly untagged: Failures;
  /** Why the event bus wasn't told, by the id of the quarantine. */
  readonly unannounced: ReadonlyMap<string, KeysError>;
  /** Why it wasn't kept that the bus was told; it is told again then. */
  readonly unmarked?: KeysError;
}

/** Whatever Secrets Manager does, the uses are to be written down: the function has a minute. */
const TAGGING_MS = 15_000;
const ALL_MS = 40_000;

/** Has every secret deny these readers, and tells the event bus of them. Never throws. @param began of the batch */
export async function carryOut(
  ports: CarryOutPorts,
  due: readonly Kept[],
  known: Known,
  began: Date,
): Promise<CarriedOut> {
  const { environment, clock } = ports;
  const end = Math.min(clock.now().getTime() + TAGGING_MS, began.getTime() + ALL_MS);
  const quarantineTags = until(end, clock, ports.quarantineTags);
  const slots = [...new Set(due.map(({ slot }) => slot))];
  const secrets = secretsOf(known, environment);
  const untagged = await applyEverywhere({ ...ports, quarantineTags }, secrets, slots);
  const unannounced = new Map<string, KeysError>();
  const announced: string[] = [];
  let failure: KeysError | undefined;
  for (const kept of due.filter(({ isAnnounced }) => !isAnnounced)) {
    const secretArn = known.keys.find(({ key }) => key === kept.key)?.secretArn;
    const event = { environment, quarantine: kept, ...(secretArn ? { secretArn } : {}) };
    // What has failed once would only cost the others their time
    failure ??= await failureOf(ports.quarantineAnnouncer.announce(event));
    if (failure) unannounced.set(kept.id, failure);
    else announced.push(kept.id);
  }
  const unmarked =
    announced.length > 0 ? await failureOf(markAnnounced(ports, announced)) : undefined;
  return { untagged, unannounced, ...(unmarked ? { unmarked } : {}) };
}

/** Also of keys of which nothing else is known. */
export const secretsOf = ({ keys, unreadable }: Known, environment: string): Denying[] => [
  ...keys.map(({ key, secretArn }) => ({ key, secretId: secretArn })),
  ...unreadable.map((key) => ({ key, secretId: secretName(environment, key) })),
];

/** The tags, as long as there is time. */
const until = (end: number, clock: Clock, { change }: QuarantineTags): QuarantineTags => ({
  async change(...tagging) {
    if (clock.now().getTime() < end) return change(...tagging);
    throw new KeysError(
      'AWS_CALL_FAILED',
      `TagResource of ${tagging[0]} was not tried: Secrets Manager takes too long. The message comes again within minutes, and the hourly sweep sets what is missing.`,
      { call: 'TagResource' },
    );
  },
});
