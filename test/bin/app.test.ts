import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exampleKey } from '../lib/synthesized.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'app-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As `cdk` starts it, without bundling for speed. */
function synthesize(consumers: readonly object[]) {
  const file = join(folder, 'environments.ts');
  const amplitude = { organization: 'acme', projectId: '100001', dataResidency: 'US' };
  const dev = { amplitude, keys: { web: { ...exampleKey, consumers } } };
  writeFileSync(file, `export const environments = ${JSON.stringify({ dev })};`);
  const context = { environments: file, 'aws:cdk:bundling-stacks': [] };
  const env = {
    ...process.env,
    CDK_OUTDIR: join(folder, 'cdk.out'),
    CDK_CONTEXT_JSON: JSON.stringify(context),
  };
  const { status, stderr } = spawnSync(process.execPath, ['bin/app.ts'], { cwd: root, env });
  return { status, said: String(stderr).trim() };
}

const consumer = { role: 'arn:aws:iam::111122223333:role/web', purpose: 'events' };

describe('a synth', () => {
  it('of a grant that ends one day succeeds, and of one that ended is refused', () => {
    expect(synthesize([{ ...consumer, expires: '2099-01-01' }])).toMatchObject({ status: 0 });
    const { status, said } = synthesize([{ ...consumer, expires: '2026-01-01' }]);
    expect(status).toBe(1);
    expect(said).toBe(
      [
        `One fault in ${join(folder, 'environments.ts')}:`,
        '  dev.keys.web.consumers.0.expires: the grant ended on 2026-01-01T00:00:00.000Z: take the consumer out, or give it a later end',
      ].join('\n'),
    );
  }, 60_000);

  it('of a policy that is too long is refused by its path, without a stack trace', () => {
    const consumers = Array.from({ length: 15 }, (_, index) => ({
      role: `${consumer.role}/${'p'.repeat(100)}/${'p'.repeat(50)}-${index}`,
      purpose: 'events',
      vpcEndpoint: `vpce-${String(index).padStart(17, '0')}`,
      organization: `o-${String(index).padStart(10, '0')}`,
    }));
    const { status, said } = synthesize(consumers);
    expect(status).toBe(1);
    expect(said).toMatch(
      /^One fault in \/.*environments.ts:\n {2}dev\.keys\.web\.consumers: the policy of the secret would have about \d+ characters/,
    );
    expect(said.split('\n')).toHaveLength(2);
  }, 60_000);
});
