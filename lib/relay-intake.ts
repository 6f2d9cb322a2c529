import { Construct } from 'constructs';
import { guardTableName, RELAY_TRACE, variable } from '../lambda/contract.ts';
import { allowReadingQuarantines } from './quarantine.ts';
import type { RecoverableTable } from './recoverable-table.ts';
import { RelayApi } from './relay-api.ts';
import type { RelayQueues } from './relay-queues.ts';
import type { RelaySecrets } from './relay-secrets.ts';
import { type RelayPartProps, settingsTold } from './relay-settings.ts';
import { onlyItem, through } from './resource-names.ts';
import { WorkerFunction } from './worker-function.ts';

export interface RelayIntakeProps extends RelayPartProps {
  readonly queues: RelayQueues;
  readonly models: RecoverableTable;
  readonly secrets: RelaySecrets;
  /** What an access guard remembers, where there is one. */
  readonly guardTable?: RecoverableTable | undefined;
}

/**
 * A flood can't take the runs that an emergency needs, and costs no more than these. More of an
 * account's would have to be left to others: 100 of its quota can't be kept.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const RUNS_AT_ONCE = 50;

/** The function that takes what Dify and others send, and leaves of it what Amplitude may know. */
export class RelayIntake extends Construct {
  readonly function: WorkerFunction;
  readonly url: string;

  constructor(scope: Construct, id: string, props: RelayIntakeProps) {
    super(scope, id);
    const { environment, guardTable, queues } = props;
    this.function = new WorkerFunction(this, 'Function', {
      ...props,
      noun: 'relay-intake',
      description:
        "Takes Dify's traces and others' events, scrubs them and puts them into the queue",
      atOnce: RUNS_AT_ONCE,
    });
    this.function.addEnvironment(variable.relay, settingsTold(environment));
    this.function.addEnvironment(variable.relayQueueUrl, queues.queue.queueUrl);
    if (guardTable) {
      this.function.addEnvironment(variable.guardTable, guardTableName(environment.name));
      allowReadingQuarantines(this.function, guardTable.tableArn);
    }
    this.grant(props);
    this.url = new RelayApi(this, 'Api', environment.name, this.function).url;
  }

  /** No key of Amplitude's, and of the relay's table no other item than models. */
  private grant({ queues, models, secrets, operationsCmk }: RelayIntakeProps) {
    const worker = this.function;
    const { keyArn } = operationsCmk;
    worker.allow(['secretsmanager:GetSecretValue'], [secrets.tokenArn, secrets.digestKeyArn]);
    worker.allow(['sqs:SendMessage'], [queues.queue.queueArn]);
    worker.allow(['dynamodb:UpdateItem'], [models.tableArn], onlyItem(`${RELAY_TRACE}*`));
    worker.allow(['kms:Decrypt'], [keyArn], through('secretsmanager', 'sqs', 'dynamodb'));
    worker.allow(['kms:GenerateDataKey'], [keyArn], through('sqs'));
  }
}
