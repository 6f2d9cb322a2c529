import { declare } from '../../../../bin/operator/declare.ts';
import { readKey, readName } from '../../../../bin/operator/key-entry.ts';
import { refuseKeys } from '../../../../bin/operator/key-like.ts';
import { leakOf } from '../../../../bin/operator/leak.ts';
import { sinceOf } from '../../../../bin/operator/since.ts';
import { FakeTerminal } from '../../../bin/desk/fake-terminal.ts';
import { ofText } from '../inputs.ts';

/** Linux takes no longer argument. */
const ARGUMENT = 131_071;

/** What is piped into `keyctl stage`, as far as it is read. */
export const keyEntry = ofText(['c'.repeat(32), `${'c'.repeat(32)}\n`, `${'c'.repeat(32)}\r\n`], {
  name: 'key entry',
  limit: 65_536,
  parse: (key) => readKey(new FakeTerminal({ key }), 'Key'),
  told: (value) => JSON.stringify(value),
});

export const keyNames = ofText(['Web 2026-11', 'Ключ №1'], {
  name: 'key names',
  limit: ARGUMENT,
  parse: (name) => readName(new FakeTerminal({}), name),
  told: String,
});

export const reasons = ofText(['leaked in a public repo', 'incident 4711'], {
  name: 'reasons',
  limit: ARGUMENT,
  parse: (reason) => declare(new FakeTerminal({}), { reason }),
  told: (declared) => JSON.stringify(declared),
});

export const sinceTimes = ofText(
  ['2026-01-31', '2026-01-31T08:00:00Z', '2026-01-31T08:00:00.123+02:00', '2026-01-31T08:00Z'],
  {
    name: '--since',
    limit: ARGUMENT,
    parse: sinceOf,
    fault: (since) =>
      Number.isNaN((since as Date).getTime()) ? 'the time it reads is none' : undefined,
  },
);

export const leakOptions = ofText(['72', '2160', 'previous', 'f'.repeat(64), 'current'], {
  name: '--hours and --version',
  limit: ARGUMENT,
  parse: (typed) => {
    refuseKeys({ typed });
    return [typed.length < 6 ? leakOf({ hours: typed }) : leakOf({ version: typed })];
  },
  fault: (found) => {
    const [{ hours }] = found as [{ hours: number }];
    return hours >= 1 && hours <= 2160 ? undefined : 'its hours are none';
  },
});
