import { roleName } from '../lambda/contract.ts';
import type { EnvironmentConfig, KeyConfig } from './config.ts';
import { roleArn } from './resource-names.ts';

/** The keys with all who may read them: whom the configuration names, and a relay's sender its own key. */
export function keysWithReaders({
  name,
  relay,
  keys,
}: Pick<EnvironmentConfig, 'name' | 'relay' | 'keys'>): readonly KeyConfig[] {
  const sender = { role: roleArn(roleName(name, 'relay-sender')), purpose: 'The relay' };
  return keys.map((key) =>
    key.name === relay?.key ? { ...key, consumers: [...key.consumers, sender] } : key,
  );
}
