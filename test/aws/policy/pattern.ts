/** `*` is any text, `?` any character. */
export function isLike(given: string, pattern: string): boolean {
  const parts = pattern.split(/([*?])/).map((part) => {
    if (part === '*') return '.*';
    return part === '?' ? '.' : part.replace(/[^\w]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 's').test(given);
}

/**
 * The parts of an ARN are compared one by one, so that a wildcard never reaches over a colon into
 * the next.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function isArnLike(given: string, pattern: string): boolean {
  const [parts, patterns] = [partsOf(given), partsOf(pattern)];
  return parts.every((part, index) => isLike(part, patterns[index] ?? ''));
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  if (parts[0] !== 'arn' || parts.length < 6) throw new Error(`This is no ARN: ${arn}`);
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
