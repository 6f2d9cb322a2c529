import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { yaml } from '../../bin/terminal/yaml.ts';
import { alertingRules, seriesOf } from '../../lib/prometheus.ts';
import { type Threshold, thresholdsOf } from '../../lib/thresholds.ts';
import { environmentOf } from './synthesized.ts';

const environment = environmentOf({ accessGuard: {}, relay: { key: 'web' } }, 'dev');
const thresholds = thresholdsOf(environment);

const fetched = join(import.meta.dirname, '..', '..', '.local', 'promtool', 'promtool');
const promtool = existsSync(fetched) ? fetched : 'promtool';
const isMissing = spawnSync(promtool, ['--version']).error !== undefined;
const isSkipped = isMissing && !process.env.CI;
const title = isSkipped ? 'promtool (skipped: it is not installed)' : 'promtool';

describe.skipIf(isSkipped)(title, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'promtool-'));
    write('rules.yml', alertingRules(environment));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (file: string, content: object) =>
    writeFileSync(join(folder, file), yaml(content).join('\n'));

  function run(...args: string[]) {
    const { status, stdout, stderr, error } = spawnSync(promtool, args, {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, output: `${stdout}${stderr}${error ?? ''}` };
  }

  /**
   * Feeds one series, a value a minute, and says which alerts are expected at which minute.
   * @param added values of the other one, where a threshold adds two
   */
  function play(
    threshold: Threshold,
    values: string,
    minute: number,
    fires: boolean,
    added?: string,
  ) {
    const rules = alertingRules(environment).groups.flatMap((group) => group.rules);
    const rule = rules.find(({ alert }) => alert === `Amplitude${threshold.name}`);
    const series = seriesOf(threshold, 'dev');
    const other = seriesOf({ ...threshold, metric: threshold.plus ?? '' }, 'dev');
    const labels = Object.fromEntries(
      [...series.matchAll(/(\w+)='([^']*)'/g)].map(([, name, value]) => [name, value]),
    );
    const alert = {
      exp_labels: { ...labels, ...rule?.labels },
      exp_annotations: rule?.annotations,
    };
    write('test.yml', {
      rule_files: ['rules.yml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: [
            ...(values ? [{ series, values }] : []),
            ...(added ? [{ series: other, values: added }] : []),
          ],
          alert_rule_test: [
            {
              eval_time: `${minute}m`,
              alertname: rule?.alert,
              exp_alerts: fires ? [alert] : [],
            },
          ],
        },
      ],
    });
    return run('test', 'rules', 'test.yml');
  }

  const passed = { status: 0, output: expect.stringContaining('SUCCESS') };

  it('finds no fault in the rules', () => {
    expect(run('check', 'rules', 'rules.yml')).toEqual({
      status: 0,
      output: expect.stringContaining(`SUCCESS: ${thresholds.length} rules found`),
    });
  });

  it('tells an expectation that is wrong', () => {
    const [failed] = thresholds;
    if (!failed) throw new Error('no threshold');
    expect(play(failed, '0x120', 120, true).status).not.toBe(0);
  });

  it.each(thresholds.filter(({ silenceIsWrong }) => !silenceIsWrong))(
    '$name fires beyond $value and not at it',
    (threshold) => {
      const { value, comparison } = threshold;
      const beyond = comparison === '>' ? value + 1 : value - 1;
      expect(play(threshold, `${value}x120`, 120, false)).toEqual(passed);
      expect(play(threshold, `${beyond}x120`, 120, true)).toEqual(passed);
    },
  );

  const named = (name: string) => {
    const threshold = thresholds.find((one) => one.name === name);
    if (!threshold) throw new Error(`no threshold ${name}`);
    return threshold;
  };

  it('KeysNotSwept waits for a second sweep that leaves a key out', () => {
    const notSwept = named('KeysNotSwept');
    expect(play(notSwept, '1x60 0x60', 65, false)).toEqual(passed);
    expect(play(notSwept, '1x60 0x60', 120, false)).toEqual(passed);
    expect(play(notSwept, '1x120', 69, false)).toEqual(passed);
    expect(play(notSwept, '1x120', 71, true)).toEqual(passed);
  });

  it('RelayFlood waits for a second minute of too many requests', () => {
    const flood = named('RelayFlood');
    expect(play(flood, '6001 0x10', 5, false)).toEqual(passed);
    expect(play(flood, '6001x10', 1, false)).toEqual(passed);
    expect(play(flood, '6001x10', 2, true)).toEqual(passed);
  });

  it('RelayFlood counts what had no run, of a minute a fifth of what five have', () => {
    const flood = named('RelayFlood');
    expect(play(flood, '3000x10', 5, false, '15000x10')).toEqual(passed);
    expect(play(flood, '3000x10', 5, true, '15005x10')).toEqual(passed);
  });

  it('SweepMissing fires on silence, once a failed scrape was repeated, and never on a sweep', () => {
    const missing = named('SweepMissing');
    expect(play(missing, '', 9, false)).toEqual(passed);
    expect(play(missing, '', 11, true)).toEqual(passed);
    expect(play(missing, '1x120', 120, false)).toEqual(passed);
  });
});
