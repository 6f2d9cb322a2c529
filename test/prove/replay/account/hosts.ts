import { AGENT } from './agents.ts';
import { type SourceAt, throughEndpoint, throughGateway } from './egress.ts';
import { DATA_CENTRE } from './places.ts';

/** Machines that read from time to time, day and night. */
export interface Host {
  /** Of its role. */
  readonly name: string;
  readonly machines: number;
  readonly keys: readonly string[];
  readonly everyMinutes: number;
  readonly sourceAt: SourceAt;
  readonly agent: string;
  /** The service of AWS that it asks, which reads for it. */
  readonly through?: string;
}

const SSM = 'ssm.amazonaws.com';

export const HOSTS: readonly Host[] = [
  {
    // By a parameter that stands for a secret: CloudTrail has the service for an address
    name: 'edge-host',
    machines: 3,
    keys: ['web'],
    everyMinutes: 10,
    sourceAt: () => ({ from: SSM }),
    agent: SSM,
    through: SSM,
  },
  {
    name: 'kiosk-host',
    machines: 2,
    keys: ['legacy'],
    everyMinutes: 15,
    sourceAt: () => ({ from: SSM }),
    agent: SSM,
    through: SSM,
  },
  {
    name: 'reports-host',
    machines: 2,
    keys: ['export'],
    everyMinutes: 15,
    sourceAt: throughEndpoint,
    agent: AGENT.pythonOnHost,
  },
  {
    name: 'mailer-host',
    machines: 2,
    keys: ['growth', 'partner'],
    everyMinutes: 30,
    sourceAt: throughEndpoint,
    agent: AGENT.pythonOnHost,
  },
  {
    name: 'pdf-host',
    machines: 1,
    keys: ['billing'],
    everyMinutes: 10,
    sourceAt: throughGateway,
    agent: AGENT.nodeOnHost,
  },
  {
    name: 'batch-host',
    machines: 2,
    keys: ['legacy'],
    everyMinutes: 20,
    sourceAt: throughGateway,
    agent: AGENT.pythonOnHost,
  },
  {
    name: 'feature-host',
    machines: 1,
    keys: ['beta'],
    everyMinutes: 12,
    sourceAt: throughEndpoint,
    agent: AGENT.pythonOnHost,
  },
];

/** A machine with a public address, which is another one after it was stopped and started. */
export const RESTARTED: Host = {
  name: 'lab-host',
  machines: 1,
  keys: ['beta'],
  everyMinutes: 15,
  sourceAt: (at, { restarted }, { address, host }) => ({
    from: at < restarted ? address : address.replace(/\.\d+\.\d+$/, `.${host}.7`),
  }),
  agent: AGENT.pythonOnHost,
};

/** A machine in the data centre, with the access key of a user. */
export const ON_PREMISES = {
  name: 'legacy-importer',
  keys: ['legacy'],
  everyMinutes: 5,
  source: { from: DATA_CENTRE },
  agent: AGENT.pythonOnHost,
} as const;
