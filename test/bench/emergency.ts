import { randomBytes } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { functionName, keyAlias, secretName, stagedName } from '../../lambda/contract.ts';
import { fingerprintOf } from '../../lambda/domain/secret-value.ts';
import type { EmergencyReport } from '../../lambda/payloads.ts';
import { eventually } from '../aws/local/eventually.ts';
import { LocalAccount } from '../demo/local-account.ts';
import { median, type Options, type Part, type Row } from './measurement.ts';

const RUNS = 9;
const DEPLOYS = 3;
const SECRET = secretName('dev', 'web');
const REASON = 'in a public repository';
/** What a person takes who clicks through the consoles, at best. */
const BY_HAND_MS = 20 * 60_000;

async function deployed(): Promise<{ account: LocalAccount; milliseconds: number }> {
  const account = await LocalAccount.open(100);
  try {
    await account.bootstrap();
    const { milliseconds } = await account.deploy('AmplitudeKeys-dev');
    return { account, milliseconds };
  } catch (error) {
    await account.close();
    throw error;
  }
}

/** What is done to key `web`, one key of Amplitude after the other. */
class Handling {
  readonly #account: LocalAccount;
  readonly #secrets: SecretsManagerClient;
  readonly #ssm: SSMClient;
  readonly #lambda: LambdaClient;

  constructor(account: LocalAccount) {
    this.#account = account;
    this.#secrets = new SecretsManagerClient(account.connection());
    this.#ssm = new SSMClient(account.connection());
    this.#lambda = new LambdaClient(account.connection());
  }

  /** As `keyctl stage` puts it. */
  async stage(): Promise<void> {
    const key = randomBytes(16).toString('hex');
    this.#account.amplitude.generate(key);
    await this.#ssm.send(
      new PutParameterCommand({
        Name: stagedName('dev', 'web', fingerprintOf(key)),
        Value: JSON.stringify({ key, name: 'web, next' }),
        Type: 'SecureString',
        KeyId: keyAlias('dev'),
      }),
    );
  }

  /** From RotateSecret until the service counts the four steps as done. */
  async rotate(): Promise<number> {
    const before = await this.#describe();
    const begun = performance.now();
    await this.#secrets.send(new RotateSecretCommand({ SecretId: SECRET }));
    await eventually(async () => {
      const { LastRotatedDate } = await this.#describe();
      return LastRotatedDate?.getTime() !== before.LastRotatedDate?.getTime();
    });
    return performance.now() - begun;
  }

  /** From Invoke until its answer, all of its plan done. */
  async revoke(): Promise<number> {
    const version = await this.#current();
    const request = { action: 'revoke', key: 'web', version, reason: REASON };
    const Payload = Buffer.from(JSON.stringify(request));
    const begun = performance.now();
    const answer = await this.#lambda.send(
      new InvokeCommand({ FunctionName: functionName('dev', 'emergency'), Payload }),
    );
    const took = performance.now() - begun;
    const report: EmergencyReport = JSON.parse(Buffer.from(answer.Payload ?? []).toString());
    if (answer.FunctionError || report.plan.some(({ doneAt }) => !doneAt)) {
      throw new Error(`The revocation was not done: ${JSON.stringify(report)}`);
    }
    return took;
  }

  /** `npx keyctl revoke`, which then asks who read the key. */
  async command(): Promise<number> {
    const args = ['revoke', '--env', 'dev', '--key', 'web', '--reason', REASON];
    const { output, exitCode, milliseconds } = await this.#account.keyctl([
      ...args,
      '--version',
      await this.#current(),
    ]);
    if (exitCode !== 0) throw new Error(output);
    return milliseconds;
  }

  /** A secret holds 20 labels: those of earlier runs are taken off. */
  async forget(): Promise<void> {
    const { VersionIdsToStages = {} } = await this.#describe();
    for (const [RemoveFromVersionId, labels] of Object.entries(VersionIdsToStages)) {
      for (const VersionStage of labels.filter((label) => label !== 'AWSCURRENT')) {
        const input = { SecretId: SECRET, VersionStage, RemoveFromVersionId };
        await this.#secrets.send(new UpdateSecretVersionStageCommand(input));
      }
    }
  }

  /** By its id: for a day after a leak, `current` means the version that leaked. */
  async #current(): Promise<string> {
    const { VersionIdsToStages = {} } = await this.#describe();
    const isCurrent = ([, labels]: [string, string[]]) => labels.includes('AWSCURRENT');
    return Object.entries(VersionIdsToStages).find(isCurrent)?.[0] ?? '';
  }

  #describe = () => this.#secrets.send(new DescribeSecretCommand({ SecretId: SECRET }));
}

type Timed = 'rotate' | 'revoke' | 'command';

async function handle(account: LocalAccount, runs: number, progress: Options['progress']) {
  const handling = new Handling(account);
  const taken: Record<Timed, number[]> = { rotate: [], revoke: [], command: [] };
  for (let round = 0; round <= runs; round += 1) {
    progress(`${round} of ${runs}`);
    for (const timed of ['rotate', 'revoke', 'command'] as const) {
      await handling.stage();
      const milliseconds = await handling[timed]();
      // The first round starts the functions.
      if (round > 0) taken[timed].push(milliseconds);
      await handling.forget();
    }
  }
  return taken;
}

async function measure({ runs = RUNS, progress }: Options): Promise<readonly Row[]> {
  const deploys: number[] = [];
  for (let at = 1; at < DEPLOYS; at += 1) {
    progress(`deploy ${at} of ${DEPLOYS}`);
    const { account, milliseconds } = await deployed();
    await account.close();
    deploys.push(milliseconds);
  }
  progress(`deploy ${DEPLOYS} of ${DEPLOYS}`);
  const { account, milliseconds } = await deployed();
  deploys.push(milliseconds);
  try {
    const taken = await handle(account, runs, progress);
    return rowsOf(median(deploys), taken);
  } finally {
    await account.close();
  }
}

function rowsOf(deploy: number, taken: Record<Timed, readonly number[]>): readonly Row[] {
  const prototype = (measured: number) => ({ peer: { what: 'the prototype', measured } });
  const byHand = { what: 'by hand, at least', measured: BY_HAND_MS / 1000 };
  const seconds = (timed: Timed) => median(taken[timed]) / 1000;
  const same = { ratio: 1 };
  return [
    {
      what: 'cdk deploy of one environment',
      measured: deploy / 1000,
      unit: 's',
      ...prototype(3.9),
      bar: same,
    },
    {
      what: 'rotation, four steps',
      measured: median(taken.rotate),
      unit: 'ms',
      ...prototype(187),
      bar: same,
    },
    { what: 'revoke, Invoke to answer', measured: seconds('revoke'), unit: 's', peer: byHand },
    { what: 'npx keyctl revoke', measured: seconds('command'), unit: 's', peer: byHand },
  ];
}

export const emergency: Part = {
  name: 'emergency',
  about: 'On the local AWS, median',
  measure,
};
