import { AGENT } from './agents.ts';
import {
  behind,
  type Moments,
  type SourceAt,
  throughEndpoint,
  throughGateway,
  throughOwnAddress,
} from './egress.ts';
import { ENDPOINT, SECOND_ENDPOINT } from './places.ts';

/** A service of ECS or EKS: as many tasks as it needs, each reading at its start and again and again. */
export interface Service {
  /** Of its role. */
  readonly name: string;
  readonly keys: readonly string[];
  /** Tasks by night, and at the busiest time of the day. */
  readonly tasks: readonly [least: number, most: number];
  /** Minutes for which a task keeps what it read. */
  readonly keeps: number;
  /** On a working day, on average. */
  readonly deployments: number;
  readonly orchestrator: 'ECS' | 'EKS';
  /** Of one task. */
  readonly sourceAt: SourceAt;
  agentAt(at: number, moments: Moments): string;
  /** From which day on there is it. @default the first */
  readonly since?: number;
  /** A change that takes a deployment of its own. */
  changesAt?(moments: Moments): number;
  /** From when on its tasks end as soon as they have read, for an hour. */
  crashesAt?(moments: Moments): number;
}

const always = (agent: string) => () => agent;

export const SERVICES: readonly Service[] = [
  {
    name: 'storefront-task',
    keys: ['web', 'server'],
    tasks: [14, 38],
    keeps: 5,
    deployments: 2,
    orchestrator: 'ECS',
    sourceAt: throughEndpoint,
    agentAt: always(AGENT.nodeOnEcs),
  },
  {
    name: 'events-worker',
    keys: ['server', 'mobile'],
    tasks: [10, 44],
    keeps: 5,
    deployments: 1.5,
    orchestrator: 'ECS',
    sourceAt: throughEndpoint,
    agentAt: always(AGENT.pythonOnEcs),
  },
  {
    name: 'billing-task',
    keys: ['billing', 'server'],
    tasks: [7, 14],
    keeps: 5,
    deployments: 0.5,
    orchestrator: 'ECS',
    sourceAt: throughGateway,
    agentAt: always(AGENT.nodeOnEcs),
  },
  {
    name: 'profiles-task',
    keys: ['mobile'],
    tasks: [8, 20],
    keeps: 5,
    deployments: 0.6,
    orchestrator: 'ECS',
    sourceAt: throughEndpoint,
    agentAt: (at, { javaUpgraded }) => (at < javaUpgraded ? AGENT.java : AGENT.laterJava),
    changesAt: ({ javaUpgraded }) => javaUpgraded,
  },
  {
    name: 'cart-task',
    keys: ['growth'],
    tasks: [5, 9],
    keeps: 5,
    deployments: 0.4,
    orchestrator: 'ECS',
    sourceAt: throughGateway,
    agentAt: (at, { goUpgraded }) => (at < goUpgraded ? AGENT.go : AGENT.laterGo),
    changesAt: ({ goUpgraded }) => goUpgraded,
  },
  {
    name: 'search-task',
    keys: ['growth'],
    tasks: [8, 14],
    keeps: 5,
    deployments: 0.4,
    orchestrator: 'ECS',
    sourceAt: (at, { endpointMoved }, seat) =>
      behind(seat, at < endpointMoved ? ENDPOINT : SECOND_ENDPOINT),
    agentAt: always(AGENT.pythonOnEcs),
    changesAt: ({ endpointMoved }) => endpointMoved,
  },
  {
    name: 'reco-pod',
    keys: ['growth', 'beta'],
    tasks: [4, 8],
    keeps: 10,
    deployments: 0.3,
    orchestrator: 'EKS',
    sourceAt: throughGateway,
    agentAt: always(AGENT.pythonOnEcs),
  },
  {
    // In public subnets, where each task has an address of AWS's
    name: 'forms-task',
    keys: ['partner', 'beta'],
    tasks: [3, 7],
    keeps: 10,
    deployments: 0.6,
    orchestrator: 'ECS',
    sourceAt: throughOwnAddress,
    agentAt: always(AGENT.nodeOnEcs),
  },
  {
    name: 'loyalty-task',
    keys: ['mobile'],
    tasks: [2, 4],
    keeps: 10,
    deployments: 0.5,
    orchestrator: 'ECS',
    sourceAt: throughEndpoint,
    agentAt: always(AGENT.nodeOnEcs),
    since: 9,
    crashesAt: ({ crashing }) => crashing,
  },
  {
    name: 'wishlist-task',
    keys: ['web'],
    tasks: [2, 5],
    keeps: 10,
    deployments: 0.5,
    orchestrator: 'ECS',
    sourceAt: throughEndpoint,
    agentAt: always(AGENT.nodeOnEcs),
    since: 21,
  },
];
