/** AWS's month. */
export const HOURS_A_MONTH = 730;

/** A resource as CloudFormation's template has it. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A synthesized template, by type. */
export interface Stack {
  readonly types: readonly string[];
  of(type: string): readonly Resource[];
}

interface Template {
  readonly Resources?: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>
  >;
}

/** The same without the resources that fail a test. */
export const where = (stack: Stack, isMeant: (resource: Resource) => boolean): Stack => ({
  types: stack.types.filter((type) => stack.of(type).some(isMeant)),
  of: (type) => stack.of(type).filter(isMeant),
});

export function readTemplate({ Resources = {} }: Template): Stack {
  const all = Object.entries(Resources).map(([id, { Type, Properties = {} }]) => ({
    id,
    type: Type,
    properties: Properties,
  }));
  return {
    types: [...new Set(all.map(({ type }) => type))].sort(),
    of: (type) => all.filter((one) => one.type === type),
  };
}

/** Logical id behind a `Ref` or `Fn::GetAtt`. */
export function referred(value: unknown): string | undefined {
  const { Ref, 'Fn::GetAtt': attribute } = (value ?? {}) as {
    Ref?: string;
    'Fn::GetAtt'?: readonly string[];
  };
  return Ref ?? attribute?.[0];
}

const HOURS: Readonly<Record<string, number>> = { minute: 1 / 60, hour: 1, day: 24 };

/** Of `rate(90 days)`. */
export function timesAMonth(expression: unknown): number {
  const [, count, unit = ''] = /^rate\((\d+) (\w+?)s?\)$/.exec(String(expression)) ?? [];
  const hours = HOURS[unit];
  if (hours === undefined) throw new Error(`no rate: ${expression}`);
  return HOURS_A_MONTH / (Number(count) * hours);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** Of one function by its schedules, or of all. */
export const runsAMonth = (stack: Stack, functionId?: string) =>
  sum(
    stack
      .of('AWS::Scheduler::Schedule')
      .filter(({ properties }) => {
        const { Arn } = properties.Target as { Arn: unknown };
        return functionId === undefined || referred(Arn) === functionId;
      })
      .map(({ properties }) => timesAMonth(properties.ScheduleExpression)),
  );

/** Rotations by one function, or all. */
export const rotationsAMonth = (stack: Stack, functionId?: string) =>
  sum(
    stack
      .of('AWS::SecretsManager::RotationSchedule')
      .filter(
        ({ properties }) =>
          functionId === undefined || referred(properties.RotationLambdaARN) === functionId,
      )
      .map(({ properties }) => {
        const { ScheduleExpression } = properties.RotationRules as { ScheduleExpression: string };
        return timesAMonth(ScheduleExpression);
      }),
  );
