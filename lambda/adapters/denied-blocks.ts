import type { Quarantines } from '../domain/quarantine/ports.ts';
import { isInForce } from '../domain/quarantine/quarantine.ts';
import type { DeniedBlocks } from '../domain/relay/intake/ports.ts';
import { Remembered, type RememberedOptions } from '../domain/relay/intake/remembered.ts';
import { addressOf } from './address-ranges.ts';

export interface DeniedBlocksOptions extends Pick<RememberedOptions<unknown>, 'now' | 'tell'> {
  readonly configured: readonly string[];
  /** Of the access guard, where there is one. */
  readonly quarantines?: Pick<Quarantines, 'all'> | undefined;
}

/** Those that can't be read begin none and end none: each ends when it is over. */
const TIMES = { goodMs: 60_000, usableMs: Number.POSITIVE_INFINITY, pauseMs: 60_000 } as const;

export function deniedBlocks({
  configured,
  quarantines,
  now,
  tell,
}: DeniedBlocksOptions): DeniedBlocks {
  if (!quarantines) return { now: async () => configured };
  const ask = async () => (await quarantines.all()).quarantines;
  const kept = new Remembered({ ...TIMES, now, tell, ask, first: [] });
  return {
    async now() {
      const inForce = (await kept.get()).filter((one) => isInForce(one, now()));
      return [...configured, ...inForce.flatMap(({ denied }) => blockOf(denied.address))];
    },
  };
}

function blockOf(address = ''): readonly string[] {
  const ip = addressOf(address);
  return ip ? [`${ip}/${ip.kind() === 'ipv4' ? 32 : 128}`] : [];
}
