import type { EnvironmentConfig } from './config.ts';
import { MAX_TAGS, tagCount } from './config-consumers.ts';
import type { Fault } from './config-faults.ts';
import type { IsWrong } from './config-places.ts';
import { isObject, type ValidEnvironment } from './config-schema.ts';

type Relayed = Pick<ValidEnvironment, 'relay' | 'keys'>;
type Relay = NonNullable<ValidEnvironment['relay']>;

/** How a relay fits its environment and its names each other, but for what depends on a wrong field. */
export function relayFaults(
  environment: string,
  { relay, keys }: Relayed,
  isWrong: IsWrong,
): Fault[] {
  if (!relay || isWrong('relay')) return [];
  const path = `${environment}.relay`;
  const ofKey =
    isWrong('relay', 'key') || isWrong('keys') ? undefined : keyFault(relay, keys, isWrong);
  return [
    ...(ofKey ? [{ path: `${path}.key`, message: ofKey }] : []),
    ...propertyFaults(path, relay, isWrong),
    ...postedFaults(path, relay, isWrong),
  ];
}

function keyFault({ key }: Relay, keys: Relayed['keys'], isWrong: IsWrong): string | undefined {
  // A key of the name __proto__ passes the schema, whatever it is.
  const fitting = Object.keys(keys).filter(
    (name) => isObject(keys[name]) && keys[name].kind === 'ingestion',
  );
  const others = fitting.length > 0 ? `those are ${fitting.join(', ')}` : 'there is none';
  if (!Object.hasOwn(keys, key)) {
    return `there is no key "${key}"; expected an ingestion key of this environment: ${others}`;
  }
  if (isWrong('keys', key, 'kind')) return undefined;
  if (!fitting.includes(key)) {
    return `"${key}" can't write events; expected an ingestion key of this environment: ${others}`;
  }
  return isWrong('keys', key, 'consumers') ? undefined : tagsFault(key, keys);
}

/** The sender is a consumer like others, and needs a tag of the secret as they do. */
function tagsFault(key: string, keys: Relayed['keys']): string | undefined {
  const count = tagCount(keys[key]?.consumers.filter(isObject) ?? []);
  if (count !== MAX_TAGS) return undefined;
  return `the consumers of "${key}" have all ${MAX_TAGS} tags of its secret that there are for them, and the relay needs one: name some together by a principalTag, or give the relay a key of its own`;
}

function propertyFaults(path: string, { properties }: Relay, isWrong: IsWrong): Fault[] {
  if (isWrong('relay', 'properties')) return [];
  const named = Object.entries(properties).filter(
    ([property, name]) => name !== '' && !isWrong('relay', 'properties', property),
  );
  return named.flatMap(([property, name], at) => {
    const first = named.findIndex(([, other]) => other === name);
    const message = `"${name}" is the name of ${named[first]?.[0]} already: one of the two would be lost`;
    return first < at ? [{ path: `${path}.properties.${property}`, message }] : [];
  });
}

function postedFaults(path: string, { postedProperties }: Relay, isWrong: IsWrong): Fault[] {
  if (isWrong('relay', 'postedProperties')) return [];
  return postedProperties.flatMap((name, at) => {
    const isTwice = postedProperties.indexOf(name) < at;
    const isSound = !isWrong('relay', 'postedProperties', at);
    const message = `duplicate of "${name}"`;
    return isTwice && isSound ? [{ path: `${path}.postedProperties.${at}`, message }] : [];
  });
}

/** What is allowed and rarely meant. */
export function relayWarnings({ name, relay, keys }: EnvironmentConfig): string[] {
  const key = keys.find((one) => one.name === relay?.key);
  if (key?.audience !== 'browser') return [];
  return [
    `${name}.relay.key: ${key.name} is a browser key, which everybody who opens the page can send with, and which is rotated rarely: give the relay a server key of its own`,
  ];
}
