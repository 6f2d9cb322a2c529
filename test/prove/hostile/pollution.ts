const SHARED: Readonly<Record<string, object>> = {
  Object: Object.prototype,
  Array: Array.prototype,
  String: String.prototype,
  Function: Function.prototype,
  Map: Map.prototype,
  Date: Date.prototype,
};

const namesOf = (shared: object) => Object.getOwnPropertyNames(shared);
const BEFORE = new Map(Object.values(SHARED).map((shared) => [shared, namesOf(shared)]));

/** What an input has added to all objects, if anything; it is taken off again. */
export function pollution(): string | undefined {
  for (const [name, shared] of Object.entries(SHARED)) {
    const before = BEFORE.get(shared) ?? [];
    const names = namesOf(shared);
    if (names.length === before.length) continue;
    const added = names.filter((one) => !before.includes(one));
    for (const one of added) Reflect.deleteProperty(shared, one);
    return `${name}.prototype got ${added.join(', ')}`;
  }
  return undefined;
}
