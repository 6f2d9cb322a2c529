import type { ParameterStringFilter } from '@aws-sdk/client-ssm';
import { isUnder } from './parameter-names.ts';

const TESTS: Partial<Record<string, (name: string, value: string) => boolean>> = {
  'Name Equals': (name, value) => name === value,
  'Name BeginsWith': (name, value) => name.startsWith(value),
  'Name Contains': (name, value) => name.includes(value),
  'Path OneLevel': (name, value) => isUnder(value, name, false),
  'Path Recursive': (name, value) => isUnder(value, name, true),
};

export function passes(name: string, { Key, Option, Values = [] }: ParameterStringFilter): boolean {
  const filter = `${Key} ${Option ?? (Key === 'Path' ? 'OneLevel' : 'Equals')}`;
  const test = TESTS[filter];
  if (!test) throw new Error(`The fake DescribeParameters does not know the filter ${filter}.`);
  return Values.some((value) => test(name, value));
}
