import type {
  AssessReport,
  EmergencyReport,
  InspectRequest,
  QuarantinesReport,
  ReadersReport,
  ReleaseReport,
} from '../../../lambda/payloads.ts';
import type { Stack } from './stack.ts';

/** How a function of ours refuses: Lambda tells the error's name and message. */
export const refusal = (code: string, message = `${code} in a sentence.`) =>
  Object.assign(new Error(message), { name: code });

type Answer = EmergencyReport | ReleaseReport | Error;

/** Has the emergency function answer these in turn, the last of them from then on. */
export function emergencyAnswers(stack: Stack, ...answers: readonly Answer[]): void {
  const left = [...answers];
  stack.aws.functions.set(`amplitude-${stack.environment}-emergency`, async () => {
    const answer = left.length > 1 ? left.shift() : left[0];
    if (answer instanceof Error) throw answer;
    return answer;
  });
}

export const assessAnswers = (stack: Stack, answer: AssessReport | Error): void =>
  inspectAnswers(stack, 'assess', answer);

export const quarantinesAnswer = (stack: Stack, answer: QuarantinesReport | Error): void =>
  inspectAnswers(stack, 'quarantines', answer);

export const readersAnswer = (stack: Stack, answer: ReadersReport): void =>
  inspectAnswers(stack, 'readers', answer);

/** Has the inspect function answer one action so; all else is answered by the real one. */
function inspectAnswers(
  stack: Stack,
  action: InspectRequest['action'],
  answer: object | Error,
): void {
  const name = `amplitude-${stack.environment}-inspect`;
  const real = stack.aws.functions.get(name);
  stack.aws.functions.set(name, async (event) => {
    if ((event as InspectRequest).action !== action) return real?.(event);
    if (answer instanceof Error) throw answer;
    return answer;
  });
}

/** What the function was asked to do, without who asked. */
export const asked = (stack: Stack, action: string) =>
  (stack.aws.lambda.payloads as Record<string, unknown>[])
    .filter((payload) => payload.action === action)
    .map(({ caller: _, ...payload }) => payload);
