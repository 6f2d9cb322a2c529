import { randomBytes } from 'node:crypto';
import { secretName } from '../../lambda/contract.ts';
import type { LocalAccount } from './local-account.ts';
import { showCommand } from './telling.ts';

/** The key that the demo is about. */
export const SECRET = secretName('dev', 'web');
export const DEV = ['--env', 'dev', '--key', 'web'];
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Everybody who plays, and all that they were heard to say. */
export class Cast {
  readonly account: LocalAccount;
  /** The Amplitude keys; none may ever be printed. */
  readonly keys = {
    inUse: generateKey(),
    next: generateKey(),
    late: generateKey(),
    standby: generateKey(),
    relayed: generateKey(),
    afterwards: generateKey(),
    unknown: generateKey(),
  };
  readonly printed: string[] = [];

  constructor(account: LocalAccount) {
    this.account = account;
    const { unknown: _, ...generated } = this.keys;
    for (const key of Object.values(generated)) account.amplitude.generate(key);
  }

  /** Types a command of keyctl and shows what a person sees. */
  async type(args: readonly string[], key?: string) {
    const { output } = await this.account.keyctl(args, key);
    this.printed.push(output);
    const words = args.map((word) => (word.includes(' ') ? `'${word}'` : word)).join(' ');
    showCommand(`npx keyctl ${words}`, output);
  }

  /** What the topic sent since the last look. */
  async mail() {
    const mail = await this.account.mail();
    this.printed.push(JSON.stringify(mail));
    return mail;
  }
}

function generateKey(): string {
  return randomBytes(16).toString('hex');
}
