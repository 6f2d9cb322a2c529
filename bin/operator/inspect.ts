import type {
  AssessReport,
  InspectRequest,
  InventoryReport,
  VerifyReport,
  WhichReport,
} from '../../lambda/payloads.ts';
import { invoke } from './invoke.ts';
import type { Leak } from './leak.ts';
import type { Session } from './session.ts';

export const inventory = (session: Session, key?: string) =>
  ask<InventoryReport>(session, { action: 'inventory', ...(key ? { key } : {}) });

export const verify = (session: Session, key: string) =>
  ask<VerifyReport>(session, { action: 'verify', key });

export const which = (session: Session, fingerprint: string) =>
  ask<WhichReport>(session, { action: 'which', fingerprint });

export const assess = (session: Session, key: string, { version, hours }: Leak) =>
  ask<AssessReport>(session, { action: 'assess', key, hours, ...(version ? { version } : {}) });

/** Whatever needs values is answered by the environment's read-only function. */
const ask = <Report>(session: Session, request: InspectRequest) =>
  invoke<Report>(session, INSPECT, request);

const INSPECT = {
  noun: 'inspect',
  afterFailure: 'It only reads, so nothing was changed.',
} as const;
