import { Construct } from 'constructs';
import { relayTableName, roleName } from '../lambda/contract.ts';
import { RecoverableTable } from './recoverable-table.ts';
import { RelayIntake } from './relay-intake.ts';
import { RelayQueues } from './relay-queues.ts';
import { RelaySecrets } from './relay-secrets.ts';
import { RelaySender } from './relay-sender.ts';
import type { RelayPartProps } from './relay-settings.ts';
import { RELAY_THRESHOLDS } from './relay-thresholds.ts';
import { roleArn } from './resource-names.ts';
import type { WorkerFunction } from './worker-function.ts';

export interface RelayProps extends RelayPartProps {
  /** What an access guard remembers, where there is one: whom it quarantines sends nothing either. */
  readonly guardTable?: RecoverableTable | undefined;
  /** Roles that no deny holds back: of deployments and of break-glass. */
  readonly exemptRoleArns: readonly string[];
}

/** Dify's executions, and the events of others, on their way to Amplitude. */
export class Relay extends Construct {
  readonly functions: readonly WorkerFunction[];
  readonly intake: WorkerFunction;
  readonly queues: RelayQueues;
  readonly secrets: RelaySecrets;
  readonly url: string;
  private readonly sender: RelaySender;

  constructor(scope: Construct, id: string, props: RelayProps) {
    super(scope, id);
    const { name } = props.environment;
    const { operationsCmk: cmk, notifications } = props;
    this.queues = new RelayQueues(this, 'Queues', name, cmk);
    this.secrets = new RelaySecrets(this, 'Secrets', {
      environment: name,
      cmk,
      readDigestKey: [roleArn(roleName(name, 'relay-intake')), ...props.exemptRoleArns],
    });
    // Models of executions, and what holds the sender back: lost, it would be rejected once more.
    const table = new RecoverableTable(this, 'Table', relayTableName(name), cmk);
    const parts = { ...props, queues: this.queues };
    const intake = new RelayIntake(this, 'Intake', {
      ...parts,
      models: table,
      secrets: this.secrets,
    });
    this.sender = new RelaySender(this, 'Sender', { ...parts, table });
    this.intake = intake.function;
    this.functions = [this.intake, this.sender.function];
    this.url = intake.url;
    notifications.alarm(this, RELAY_THRESHOLDS);
  }

  /** The secret of the key that is configured. */
  sendWith(secretArn: string) {
    this.sender.sendWith(secretArn);
  }
}
