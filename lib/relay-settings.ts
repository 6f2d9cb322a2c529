import type { RelaySettings } from '../lambda/contract.ts';
import type { EnvironmentConfig, RelayConfig } from './config.ts';
import type { KeysCmk, OperationsCmk } from './encryption.ts';
import type { Notifications } from './notifications.ts';

/** An environment that has a relay. */
export type RelayedEnvironment = EnvironmentConfig & { readonly relay: RelayConfig };

export interface RelayPartProps {
  readonly environment: RelayedEnvironment;
  readonly keysCmk: KeysCmk;
  readonly operationsCmk: OperationsCmk;
  readonly notifications: Notifications;
}

/** The settings as the relay's functions are told them. */
export function settingsTold({ relay, accessGuard }: RelayedEnvironment): string {
  const settings: RelaySettings = { ...relay, deniedRanges: accessGuard?.deniedRanges ?? [] };
  return JSON.stringify(settings);
}
