import type {
  AssessReport,
  InspectRequest,
  InventoryReport,
  QuarantinesReport,
  ReadersReport,
  VerifyReport,
  WhichReport,
} from '../../lambda/payloads.ts';
import { type Invoked, invoke } from './invoke.ts';
import type { Leak } from './leak.ts';
import type { Session } from './session.ts';

export const inventory = (session: Session, key?: string) =>
  ask<InventoryReport>(session, 'inventory', {
    action: 'inventory',
    ...(key ? { key } : {}),
  });

export const verify = (session: Session, key: string) =>
  ask<VerifyReport>(session, 'verify', { action: 'verify', key });

export const which = (session: Session, fingerprint: string) =>
  ask<WhichReport>(session, 'which', { action: 'which', fingerprint });

export const assess = (session: Session, key: string, { version, hours }: Leak) =>
  ask<AssessReport>(session, 'assess', {
    action: 'assess',
    key,
    hours,
    ...(version ? { version } : {}),
  });

export const readers = (session: Session, key?: string) =>
  ask<ReadersReport>(session, 'readers', { action: 'readers', ...(key ? { key } : {}) });

export const quarantines = (session: Session) =>
  ask<QuarantinesReport>(session, 'quarantines', { action: 'quarantines' });

/** Whatever needs values is answered by the environment's read-only function. */
const ask = <Report>(session: Session, form: Invoked['form'], request: InspectRequest) =>
  invoke<Report>(session, { ...INSPECT, form }, request);

const INSPECT = {
  noun: 'inspect',
  afterFailure: 'It only reads, so nothing was changed.',
} as const;
