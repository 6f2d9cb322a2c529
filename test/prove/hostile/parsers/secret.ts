import { parseDocument } from '../../../../lambda/adapters/key-document-json.ts';
import { PLACEHOLDER } from '../../../../lambda/contract.ts';
import type { VersionValue } from '../../../../lambda/domain/key-document.ts';
import { ofJson } from '../inputs.ts';

const KEY = 'a'.repeat(32);
const FINGERPRINT = '0123456789ab';

/** The JSON of a secret: whoever may put a value may put anything. */
export const secretJson = ofJson(
  [
    { apiKey: KEY },
    { secretKey: KEY, name: 'export, first' },
    {
      apiKey: KEY,
      name: 'web, second',
      held: [FINGERPRINT, FINGERPRINT],
      replaces: { versionId: '00000000-0000-4000-8000-000000000001', content: 'key' },
    },
    JSON.parse(PLACEHOLDER),
  ],
  {
    name: 'secret JSON',
    limit: 65_536,
    parse: parseDocument,
    fault: (result) => faultOf(result as VersionValue),
    told: (result) => toldOf(result as VersionValue),
  },
);

function faultOf(value: VersionValue): string | undefined {
  if (value.content !== 'key') return undefined;
  const { name = '', held = [], kind } = value.document;
  const texts = [name, ...held].every((one) => typeof one === 'string');
  return texts && (kind === 'ingestion' || kind === 'secret')
    ? undefined
    : 'its fields have no form';
}

/** A report names the key and its history. */
function toldOf(value: VersionValue): string {
  if (value.content !== 'key') return JSON.stringify(value);
  const { replaces: _, ...told } = value.document;
  return JSON.stringify(told);
}
