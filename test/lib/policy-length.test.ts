import { describe, expect, it } from 'vitest';
import { lengthOf } from '../../lib/policy-length.ts';

describe('the length of a policy', () => {
  it('is in bytes, as it is sent', () => {
    expect(lengthOf({ a: ['b', 'c'] })).toBe('{"a":["b","c"]}'.length);
    expect(lengthOf('é')).toBe(4);
  });

  it('counts what only a deployment knows at its longest', () => {
    const root = ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root'];
    const joined = { 'Fn::Join': ['', root] };
    expect(lengthOf(joined)).toBeGreaterThanOrEqual(
      '"arn:aws-us-gov:iam::111122223333:root"'.length,
    );
    const role = { 'Fn::GetAtt': ['RotationFunctionRole1A2B3C4D', 'Arn'] };
    const longest = `"arn:aws-us-gov:iam::111122223333:role/${'x'.repeat(64)}"`;
    expect(lengthOf(role)).toBeGreaterThanOrEqual(longest.length);
    expect(lengthOf({ Ref: 'AWS::Region' })).toBeGreaterThanOrEqual('"us-isob-east-1"'.length);
  });
});
