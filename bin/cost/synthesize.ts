import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { stackName } from '../../lambda/contract.ts';
import type { EnvironmentConfig } from '../../lib/config.ts';
import { KeysStack } from '../../lib/keys-stack.ts';
import { readTemplate, type Stack } from './template.ts';

/** The stack of each environment as `cdk synth` makes it, but for the functions' code. */
export function synthesized(environments: readonly EnvironmentConfig[]): readonly Stack[] {
  const outdir = mkdtempSync(join(tmpdir(), 'amplitude-keys-cost-'));
  try {
    const app = new App({ outdir, context: { ...contextOfCdk(), 'aws:cdk:bundling-stacks': [] } });
    const stacks = environments.map(
      (environment) => new KeysStack(app, stackName(environment.name), environment),
    );
    const assembly = app.synth();
    return stacks.map(({ artifactId }) =>
      readTemplate(assembly.getStackArtifact(artifactId).template),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function contextOfCdk(): Record<string, unknown> {
  const file = resolve(import.meta.dirname, '..', '..', 'cdk.json');
  return JSON.parse(readFileSync(file, 'utf8')).context;
}
