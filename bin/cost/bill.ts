import { functions, logGroups } from './functions.ts';
import { GUARD_TYPES, guardLines, isOfGuard, perMillionEvents } from './guard.ts';
import { alarms, dashboards, kmsKeys, metricFilters, ownMetrics, secrets } from './kept.ts';
import { eachYear, type Group, type Line, totalOf, type Years } from './line.ts';
import { FREE } from './prices.ts';
import { isOfRelay, perMillionExecutions, RELAY_TYPES, relayLines } from './relay.ts';
import { type Resource, type Stack, where } from './template.ts';
import { type Assumptions, type Usage, usageOf } from './usage.ts';
import {
  emails,
  events,
  kmsRequests,
  scheduled,
  secretsManagerCalls,
  snsRequests,
} from './used.ts';

/** A month of one environment. */
export interface Bill {
  readonly keys: number;
  readonly lines: readonly Line[];
  readonly base: Years;
  /** Of each key. */
  readonly perKey: Years;
  /** Of the access guard, where there is one. */
  readonly guard?: { readonly month: Years; readonly perMillionEvents: number };
  /** Of the relay, where there is one, before anything is sent to it. */
  readonly relay?: { readonly month: Years; readonly perMillionEvents: number };
  readonly total: Years;
  /** Types of resources whose price nobody has looked up. */
  readonly unpriced: readonly string[];
}

export interface BillOptions extends Assumptions {
  /** Dashboards that the account still has for nothing. */
  readonly freeDashboards: number;
}

type Pricing = (found: readonly Resource[], usage: Usage, stack: Stack) => readonly Line[];

/** How each type of resource is billed; those that are free are listed beside the prices. */
const pricingOf = ({ freeDashboards }: BillOptions): Readonly<Record<string, Pricing>> => ({
  'AWS::KMS::Key': (found, usage) => [...kmsKeys(found), ...kmsRequests(usage)],
  'AWS::SecretsManager::Secret': (found, usage) => [
    ...secrets(found),
    ...secretsManagerCalls(usage),
    ...events(usage),
  ],
  'AWS::CloudWatch::Alarm': alarms,
  'AWS::CloudWatch::Dashboard': (found) => dashboards(found, freeDashboards),
  'AWS::Lambda::Function': (found, usage, stack) => [
    ...ownMetrics(),
    ...functions(found, stack, usage),
  ],
  'AWS::Logs::LogGroup': (found, usage, stack) => logGroups(found, stack, usage),
  'AWS::Logs::MetricFilter': metricFilters,
  'AWS::Scheduler::Schedule': (_, usage) => scheduled(usage),
  'AWS::SNS::Topic': (_, usage) => snsRequests(usage),
  'AWS::SNS::Subscription': emails,
});

export function billOf(stack: Stack, options: BillOptions): Bill {
  const pricing = pricingOf(options);
  const relay = where(stack, isOfRelay);
  const unrelayed = where(stack, (resource) => !isOfRelay(resource));
  const core = where(unrelayed, (resource) => !isOfGuard(resource));
  const guard = where(unrelayed, isOfGuard);
  const usage = usageOf(core, options);
  const ofCore = Object.entries(pricing).flatMap(([type, of]) => {
    const found = core.of(type);
    return found.length > 0 ? of(found, usage, core) : [];
  });
  const lines = [...ofCore, ...guardLines(guard, usage), ...relayLines(relay)];
  const of = (group: Group) => totalOf(lines.filter((one) => one.group === group));
  const [base, ofKeys, ofGuard, ofRelay] = [of('base'), of('keys'), of('guard'), of('relay')];
  const isPriced = (type: string) =>
    type in pricing || type in FREE || [...GUARD_TYPES, ...RELAY_TYPES].includes(type);
  return {
    keys: usage.keys,
    lines,
    base,
    perKey: eachYear((year) => (usage.keys > 0 ? ofKeys[year] / usage.keys : 0)),
    ...(ofGuard[0] > 0
      ? { guard: { month: ofGuard, perMillionEvents: perMillionEvents(guard) } }
      : {}),
    ...(ofRelay[0] > 0
      ? { relay: { month: ofRelay, perMillionEvents: perMillionExecutions(relay) } }
      : {}),
    total: eachYear((year) => base[year] + ofKeys[year] + ofGuard[year] + ofRelay[year]),
    unpriced: stack.types.filter((type) => !isPriced(type)),
  };
}
