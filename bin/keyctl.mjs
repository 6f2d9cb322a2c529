#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

// npm packs what package.json names as bin, also for an app that installs the client alone
if (existsSync(join(here, 'keyctl', 'program.ts'))) {
  await import('./keyctl.ts');
} else {
  process.stderr.write(
    'keyctl is not a part of the installed package: run it in a clone of the repository of amplitude-keys, where the environments are.\n',
  );
  process.exitCode = 2;
}
