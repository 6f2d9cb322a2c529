import { KeysError } from '../../../../lambda/domain/errors.ts';
import type { Ledger } from '../ledger.ts';
import type { Moment } from '../moment.ts';
import type { Promised } from './promise.ts';

const HEX = /[0-9a-f]{32,}/g;
const KEY_LENGTH = 32;

export const noKeyShown: Promised = {
  name: 'No key ever appears in a log, an error, a metric, a notice, a tag or an answer.',
  broken({ output }, { keys }) {
    for (const text of output.texts) {
      const shown = keyIn(text, keys);
      if (shown)
        return `key ${shown.fingerprint} appears in: ${text.replaceAll(shown.value, '…').slice(0, 200)}`;
    }
    return undefined;
  },
};

function keyIn(text: string, keys: Ledger['keys']) {
  for (const [run] of text.matchAll(HEX)) {
    for (let at = 0; at + KEY_LENGTH <= run.length; at += 1) {
      const key = keys.get(run.slice(at, at + KEY_LENGTH));
      if (key) return key;
    }
  }
  return undefined;
}

export const nothingCrashes: Promised = {
  name: 'Nothing ends with a fault of this worker.',
  broken({ act: { by, error, report, swept } }: Moment) {
    if (error !== undefined && !(error instanceof KeysError))
      return `the ${by} ended with ${error instanceof Error ? `${error.name}: ${error.message}` : error}`;
    const said = [
      ...(error instanceof KeysError ? [`${error.message} (${error.code})`] : []),
      ...(report?.plan ?? []).flatMap(({ failed = [] }) => failed),
      ...(swept?.keys ?? []).flatMap(({ failed = [] }) => failed),
      ...(swept?.notLookedAt ?? []).map((one) => `${one.error.message} (${one.error.code})`),
    ];
    return said.find((text) => text.includes('(UNEXPECTED)'));
  },
};
