import type { Random } from '../random.ts';
import { AGENT } from './agents.ts';
import { behind, seatOf } from './egress.ts';
import { addressIn, BLOCKS, ENDPOINT, type Source } from './places.ts';

/** A function of Lambda, whose session has the function's name. */
export interface Func {
  readonly name: string;
  readonly role: string;
  readonly keys: readonly string[];
  /** Reads of a working day. */
  readonly reads: number;
  /** Of one execution environment. */
  source(random: Random): Source;
  readonly agent: string;
}

const inVpc = (random: Random) => behind(seatOf(random), ENDPOINT);

export const FUNCTIONS: readonly Func[] = [
  {
    name: 'ingest',
    role: 'ingest-function',
    keys: ['server', 'mobile'],
    reads: 15_500,
    source: inVpc,
    agent: AGENT.nodeOnLambda,
  },
  {
    name: 'pricing',
    role: 'pricing-function',
    keys: ['billing'],
    reads: 8_000,
    source: inVpc,
    agent: AGENT.pythonOnLambda,
  },
  {
    name: 'notifier',
    role: 'notifier-function',
    keys: ['mobile'],
    reads: 6_000,
    source: inVpc,
    agent: AGENT.nodeOnLambda,
  },
  {
    // Outside the VPC a function has any address of AWS's
    name: 'webhooks',
    role: 'webhooks-function',
    keys: ['partner'],
    reads: 9_000,
    source: (random) => ({ from: addressIn(BLOCKS.aws.US, random) }),
    agent: AGENT.nodeOnLambda,
  },
];
