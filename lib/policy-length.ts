/** Bytes of a policy as AWS is sent it, at most: what only a deployment knows counts as long as it can be. */
export const lengthOf = (resolved: unknown): number =>
  Buffer.byteLength(JSON.stringify(filled(resolved)));

/** Of a Region, the longest of these; of an ARN of a role, its name can have 64. */
const LONGEST = { partition: 10, account: 12, region: 16, other: 112 } as const;

function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== 'object' || value === null) return value;
  const [[name = '', argument] = [], ...others] = Object.entries(value);
  if (others.length === 0 && name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map(filled).join(separator);
  }
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
    return 'x'.repeat(longest(String(argument)));
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one)]));
}

function longest(argument: string): number {
  if (argument === 'AWS::Partition') return LONGEST.partition;
  if (argument === 'AWS::AccountId') return LONGEST.account;
  return argument === 'AWS::Region' ? LONGEST.region : LONGEST.other;
}
