import {
  DisableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { refusal } from './row.ts';

type Client = Pick<KMSClient, 'send'>;

export interface KeyStage {
  /** ARN of a new key. */
  freshKey(): Promise<string>;
  /** ARN of a key that has had all its rotations on demand. */
  exhaustedKey(): Promise<string>;
  /** ARN of no key. */
  readonly unknownKey: string;
}

export interface RecordedKeyRow {
  readonly row: number;
  /** Day of the recording, or days. */
  readonly recorded: string;
  readonly title: string;
  run(client: Client, stage: KeyStage): Promise<void>;
}

/** What real AWS answered, recorded by LocalStack's maintainers: any emulator must agree. */
export const rows: readonly RecordedKeyRow[] = [
  {
    row: 1,
    recorded: '2025-03-02',
    title: 'a key with automatic rotation tells its period and next date',
    async run(client, { freshKey }) {
      for (const RotationPeriodInDays of [90, 180]) {
        const KeyId = await freshKey();
        await client.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays }));
        const status = await client.send(new GetKeyRotationStatusCommand({ KeyId }));
        expect(status).toMatchObject({
          KeyRotationEnabled: true,
          RotationPeriodInDays,
          NextRotationDate: expect.any(Date),
        });
      }
    },
  },
  {
    row: 2,
    recorded: '2025-03-12, 2025-11-10',
    title: 'a rotation on demand leaves the automatic setting as it was',
    async run(client, { freshKey }) {
      const off = await freshKey();
      const on = await freshKey();
      const days = { RotationPeriodInDays: 180 };
      await client.send(new EnableKeyRotationCommand({ KeyId: on, ...days }));
      for (const KeyId of [off, on]) await client.send(new RotateKeyOnDemandCommand({ KeyId }));
      const status = (KeyId: string) => client.send(new GetKeyRotationStatusCommand({ KeyId }));
      expect(await status(off)).toMatchObject({ KeyRotationEnabled: false });
      expect(await status(on)).toMatchObject({ KeyRotationEnabled: true, ...days });
    },
  },
  {
    row: 3,
    recorded: '2025-03-08',
    title: 'a disabled key refuses a rotation on demand',
    async run(client, { freshKey }) {
      const KeyId = await freshKey();
      await client.send(new DisableKeyCommand({ KeyId }));
      expect(await refusal(client.send(new RotateKeyOnDemandCommand({ KeyId })))).toEqual({
        name: 'DisabledException',
        message: `${KeyId} is disabled.`,
      });
    },
  },
  {
    row: 4,
    recorded: '2025-04-03',
    title: 'a key refuses a rotation on demand beyond its limit',
    async run(client, { exhaustedKey }) {
      const KeyId = await exhaustedKey();
      expect(await refusal(client.send(new RotateKeyOnDemandCommand({ KeyId })))).toEqual({
        name: 'LimitExceededException',
        message: expect.stringContaining(
          'The on-demand rotations limit has been reached for the given keyId.',
        ),
      });
    },
  },
  {
    row: 5,
    recorded: '2025-03-08',
    title: 'a key that does not exist is not found',
    async run(client, { unknownKey: KeyId }) {
      expect(await refusal(client.send(new GetKeyRotationStatusCommand({ KeyId })))).toEqual({
        name: 'NotFoundException',
        message: `Key '${KeyId}' does not exist`,
      });
    },
  },
];
