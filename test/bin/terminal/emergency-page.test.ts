import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { assessPage } from '../../../bin/terminal/assess-page.ts';
import { emergencyPage } from '../../../bin/terminal/emergency-page.ts';
import type { AssessReport, EmergencyReport } from '../../../lambda/payloads.ts';
import { assessment, emergency, reader, STRANGER } from './emergency-reports.ts';
import { NOW } from './reports.ts';

const view = { columns: 160, paint: pc.createColors(false), now: NOW };
const page = (more: Partial<EmergencyReport>) => emergencyPage(emergency(more), view).join('\n');
const impact = (more: Partial<AssessReport>, columns = 160) =>
  assessPage(assessment(more), '111122223333', { ...view, columns }).join('\n');

describe('the page of an emergency', () => {
  it('tells each step with its time, its failure, or that it was not reached', () => {
    const plan = [
      { what: 'Mark it', doneAt: '2026-11-24T02:00:01.000Z' },
      { what: 'Promote it', failed: 'AWS throttles it.' },
      { what: 'Ask for Revoke' },
    ];
    expect(page({ plan })).toContain(
      'Done\n  02:00:01  Mark it\n  FAILED  Promote it\n    AWS throttles it.\n  not reached  Ask for Revoke\n',
    );
  });

  it('tells what of a step is left to the sweep, and why', () => {
    const doneAt = '2026-11-24T02:00:01.000Z';
    const later = 'ECS service dify/web could not be restarted; the hourly sweep takes it up.';
    expect(page({ plan: [{ what: 'Hand it over', doneAt, later }] })).toContain(
      `  02:00:01  Hand it over\n    ${later}\n`,
    );
  });

  it('tells when all was done before, and when nothing is left', () => {
    expect(page({ plan: [] })).toContain('Done\n  Nothing: all is done already.');
    expect(page({ left: [] })).not.toContain('Left for you');
  });

  it('names a key that can not be read by its version', () => {
    expect(page({ leaked: { versionId: 'v-1' } })).toContain('leaked  version v-1');
  });

  it('is green only once Revoke was pressed', () => {
    const paint = pc.createColors(true);
    const first = (revoked: 'yes' | 'no' | 'unknown') =>
      emergencyPage(emergency({ truth: { text: 'Truth.', revoked } }), { ...view, paint })[0];
    expect([first('yes'), first('no'), first('unknown')]).toEqual([
      paint.green('Truth.'),
      paint.red('Truth.'),
      paint.red('Truth.'),
    ]);
  });
});

describe('the page of an assessment', () => {
  it('lists unknown readers first, those of another account by the whole ARN', () => {
    const told = impact({ readers: [reader(), reader({ reads: 9_999 }), STRANGER] });
    const rows = [...told.matchAll(/^ {2}(\S+) +(\d+) .* (known|UNKNOWN)$/gm)];
    expect(rows.map(([, ...cells]) => cells)).toEqual([
      ['arn:aws:iam::999988887777:user/mallory', '3', 'UNKNOWN'],
      ['role/checkout-api', '9999', 'known'],
      ['role/checkout-api', '1204', 'known'],
    ]);
    expect(told).toContain('from 203.0.113.7; with Boto3/1.34 md/Botocore; 2 reads by version id');
  });

  it('is a list where a table is too wide', () => {
    expect(impact({}, 80)).toContain(
      '  role/checkout-api, known\n    1204 reads, 2026-11-21 02:30 to 2026-11-24 01:48 UTC\n',
    );
    expect(impact({}, 50)).toContain('  Decrypt by role/checkout-api\n    1204 times, last');
  });

  it('says plainly when no read was found', () => {
    const told = impact({ reads: 0, readers: [], byHour: [], activity: [] });
    expect(told).toContain('Reads: none found.');
    expect(told).not.toContain('By hour');
    expect(told).not.toContain('What else was done to it');
  });

  it('tells the source, what it cost and what it covers', () => {
    expect(impact({})).toContain(
      'Source: CloudWatch Logs Insights, 9 calls, 1.235 GB scanned for about $0.0062. All management events',
    );
  });

  it('tells when the source is the usage record', () => {
    const source = { kind: 'usage-record', covers: 'All.', complete: true, calls: 32 } as const;
    expect(impact({ source })).toContain(
      'Source: usage record of the access guard, 32 calls. All.',
    );
  });

  it('tells when there may be more', () => {
    const source = {
      kind: 'lookup-events',
      covers: '10 pages.',
      complete: false,
      calls: 1,
    } as const;
    expect(impact({ source })).toContain(
      'Source: CloudTrail LookupEvents, 1 call. 10 pages. It stopped at its bound: there may be more.',
    );
    expect(impact({})).not.toContain('stopped at its bound');
  });

  it("tells what AWS can't see", () => {
    expect(impact({})).toContain("What AWS can't see\n  - Use of the value at Amplitude");
  });
});
