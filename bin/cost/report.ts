import type { Config, EnvironmentConfig } from '../../lib/config.ts';
import { type Bill, billOf } from './bill.ts';
import { GUARD_ASSUMPTIONS } from './guard.ts';
import { costOf, eachYear, type Years } from './line.ts';
import { FREE_DASHBOARDS, FREE_USE, PRICES_OF } from './prices.ts';
import { RELAY_ASSUMPTIONS } from './relay.ts';
import type { Stack } from './template.ts';
import { type Assumptions, assumptionsOf } from './usage.ts';

export interface EnvironmentBill extends Bill {
  readonly environment: string;
  /** As configured. */
  readonly region?: string;
}

export interface Report {
  readonly bills: readonly EnvironmentBill[];
  readonly total: Years;
  readonly notes: readonly string[];
  /** Types of resources that lack in the sum. */
  readonly unpriced: readonly string[];
}

/** One stack of each environment. */
export type Synthesize = (environments: readonly EnvironmentConfig[]) => Promise<readonly Stack[]>;

/** All environments are billed, since an account's free dashboards go to the first of them. */
export async function reportOf(
  config: Config,
  synthesize: Synthesize,
  { env, ...assumptions }: Assumptions & { readonly env?: string },
): Promise<Report> {
  const environments = Object.values(config);
  const stacks = await synthesize(environments);
  const dashboards = new Map<string | undefined, number>();
  const all = environments.flatMap(({ name, account, region }, at) => {
    const stack = stacks[at];
    if (!stack) return [];
    const before = dashboards.get(account) ?? 0;
    dashboards.set(account, before + stack.of('AWS::CloudWatch::Dashboard').length);
    const freeDashboards = Math.max(0, FREE_DASHBOARDS - before);
    const bill = billOf(stack, { ...assumptions, freeDashboards });
    return [{ environment: name, ...(region ? { region } : {}), ...bill }];
  });
  const bills = env === undefined ? all : all.filter(({ environment }) => environment === env);
  return {
    bills,
    total: eachYear((year) => bills.reduce((sum, { total }) => sum + total[year], 0)),
    notes: [
      ...assumptionsOf(assumptions),
      ...(bills.some(({ guard }) => guard) ? GUARD_ASSUMPTIONS : []),
      ...(bills.some(({ relay }) => relay) ? RELAY_ASSUMPTIONS : []),
      ...FREE_USE,
      'Prices and where they are from: bin/cost/prices.ts.',
    ],
    unpriced: [...new Set(bills.flatMap(({ unpriced }) => unpriced))].sort(),
  };
}

/** The report for a program, in dollars. */
export function jsonOf({ bills, total, notes, unpriced }: Report) {
  return {
    prices: PRICES_OF,
    environments: bills.map(
      ({ environment, region, keys, lines, base, perKey, guard, relay, total: sum }) => ({
        environment,
        ...(region ? { region } : {}),
        keys,
        lines: lines.map((line) => ({ ...line, cost: costOf(line) })),
        base,
        perKey,
        ...(guard ? { guard } : {}),
        ...(relay ? { relay } : {}),
        total: sum,
      }),
    ),
    total,
    notes,
    unpriced,
  };
}
