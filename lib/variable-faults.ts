import type { Stack } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { variable } from '../lambda/contract.ts';
import type { Fault } from './config-faults.ts';
import { lengthOf } from './policy-length.ts';
import type { WorkerFunction } from './worker-function.ts';

/**
 * Bytes of the JSON of all variables of a function, their names included: so Lambda measures them.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MOST = 4_096;

type Variables = Readonly<Record<string, unknown>>;

/** Functions that Lambda would refuse, since the configuration tells them too much. */
export function variableFaults(
  stack: Stack,
  environment: string,
  functions: readonly WorkerFunction[],
): Fault[] {
  const told = functions.map((worker) => ({
    noun: worker.noun,
    variables: variablesOf(stack, worker),
  }));
  const [worst] = told
    .map((one) => ({ ...one, length: lengthOf(one.variables) }))
    .filter(({ length }) => length > MOST)
    .toSorted((one, other) => other.length - one.length);
  if (!worst) return [];
  const { noun, variables, length } = worst;
  const [path, remedy] = remedyOf(variables);
  const message = `the variables of the function ${noun} would have about ${length} bytes, at most ${MOST} are taken: ${remedy}`;
  return [{ path: `${environment}${path}`, message }];
}

/** What is longest has to become shorter. */
function remedyOf(variables: Variables): readonly [path: string, remedy: string] {
  const lengths = Object.entries(variables).map(
    ([name, value]) => [name, lengthOf(value)] as const,
  );
  const [name, length] = lengths.toSorted(([, one], [, other]) => other - one)[0] ?? ['', 0];
  if (name === variable.guardRules) {
    return ['.accessGuard', `its ranges make most of ${length} of them; name fewer, larger blocks`];
  }
  return ['', `${name} has ${length} of them; shorten what it tells`];
}

function variablesOf(stack: Stack, worker: WorkerFunction): Variables {
  const { environment } = worker.node.defaultChild as CfnFunction;
  return stack.resolve(environment).variables;
}
