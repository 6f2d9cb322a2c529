import type { SSMClient } from '@aws-sdk/client-ssm';
import { stagedKeys } from '../../../../lambda/adapters/staged-keys.ts';
import { ofJson, ofText } from '../inputs.ts';

const KEY = 'b'.repeat(32);
const NAME = '/amplitude/dev/web/staged/0123456789ab';

/** Parameter Store that answers one parameter, of whatever name and value. */
function holding(Name: string, Value: string): SSMClient {
  const send = async () => ({ Parameters: [{ Name, Value }] });
  return { send } as unknown as SSMClient;
}

async function read(name: string, value: string) {
  const staged = stagedKeys(holding(name, value));
  const listed = await staged.list('dev', 'web');
  const all = await staged.listAll('dev');
  return [listed, [...all]];
}

/** A staged parameter's value: `keyctl` writes JSON, a person may write anything. */
export const stagedValues = ofJson([{ key: KEY, name: 'web, next' }, { key: KEY }, KEY], {
  name: 'staged values',
  limit: 8_192,
  parse: (value) => read(NAME, value),
  told: (listed) => JSON.stringify(listed),
});

export const stagedNames = ofText([NAME, '/amplitude/dev/web/staged/x', '/amplitude/dev'], {
  name: 'staged names',
  limit: 1_011,
  parse: (name) => read(name, JSON.stringify({ key: KEY, name: 'web, next' })),
  // The place of a key, and what is told of a parameter under it
  told: (listed) => JSON.stringify((listed as [unknown])[0]),
});
