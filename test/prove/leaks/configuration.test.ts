import { expect, it } from 'vitest';
import { parseEnvironments } from '../../../lib/config.ts';
import { Canaries } from './canary.ts';
import { searchTemplate } from './configuration.ts';
import { withFolder } from './folder.ts';
import { Outputs } from './outputs.ts';
import { CONFIGURATION } from './pasted-configuration.ts';

it('a key that the configuration let through is found in the template and in variables', async () => {
  const outputs = new Outputs(new Canaries(90));
  const { dev } = parseEnvironments(CONFIGURATION);
  if (!dev) throw new Error('no environment dev');
  const amplitude = { ...dev.amplitude, organization: outputs.canaries.key('pasted') };
  await withFolder(async (folder) =>
    searchTemplate(outputs, 'planted', { ...dev, amplitude }, folder),
  );
  const kinds = outputs.leaks.map(({ how }) => how.split(',')[0]);
  expect(kinds).toEqual(['template', 'environment variables of a function']);
});
