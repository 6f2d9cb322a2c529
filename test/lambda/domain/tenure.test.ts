import { describe, expect, it } from 'vitest';
import { wantedVersion } from '../../../lambda/domain/tenure.ts';
import { ago, ahead, DAY, HOUR, KEY, label, type Seed, seen, V } from './lifecycle/seen.ts';

/** Second replaced first ten days ago; third, a standby key, replaced second two days ago. */
const first = { labels: ['x'], key: KEY.first, createdAt: ago(100 * DAY) };
const second = { labels: ['x'], key: KEY.second, createdAt: ago(10 * DAY) };
const third = { labels: ['AWSCURRENT'], key: KEY.third, createdAt: ago(2 * DAY) };
const replacing = (versionId: string) => ({
  replaces: { versionId, content: 'key' as const },
});
const chain = {
  [V.first]: first,
  [V.second]: { ...second, document: replacing(V.first) },
  [V.third]: { ...third, document: replacing(V.second) },
};

function wanted(versionId: string, versions: Seed['versions'], over: Partial<Seed> = {}) {
  const { facts } = seen({ versions, ...over });
  const version = facts.versions.find((one) => one.versionId === versionId);
  if (!version) throw new Error(`no version ${versionId}`);
  return wantedVersion(facts, version);
}

describe('reads that name no version are of a version', () => {
  it('since it was made, while it is current', () => {
    expect(wanted(V.third, chain)).toMatchObject({
      versionId: V.third,
      labels: [],
      tenures: [{ label: 'AWSCURRENT', from: ago(2 * DAY) }],
    });
  });

  it('until the next one was made; and then it was AWSPREVIOUS', () => {
    expect(wanted(V.second, chain).tenures).toEqual([
      { label: 'AWSCURRENT', from: ago(10 * DAY), to: ago(2 * DAY) },
      { label: 'AWSPREVIOUS', from: ago(2 * DAY) },
    ]);
  });

  it('which was AWSPREVIOUS only until the next but one was made', () => {
    expect(wanted(V.first, chain).tenures).toEqual([
      { label: 'AWSCURRENT', from: ago(100 * DAY), to: ago(10 * DAY) },
      { label: 'AWSPREVIOUS', from: ago(10 * DAY), to: ago(2 * DAY) },
    ]);
  });

  it('in whole seconds, as CloudTrail has them', () => {
    const createdAt = new Date('2026-11-20T10:00:00.900Z');
    expect(wanted(V.third, { [V.third]: { ...third, createdAt } }).tenures).toEqual([
      { label: 'AWSCURRENT', from: new Date('2026-11-20T10:00:00Z') },
    ]);
  });

  it('by the traces of its replacement when values can not be read', () => {
    const content = 'unreadable' as const;
    const current = { [V.third]: { labels: ['AWSCURRENT'], content } };
    const of = (labels: string[], tags = {}) =>
      wanted(V.first, { ...current, [V.first]: { labels, content } }, { tags }).tenures;
    const compromised = `COMPROMISED-20261124T110000Z-${V.first.slice(0, 8)}`;
    const since = `since=${ago(3 * HOUR).toISOString()} asked=yes told=0`;
    const note = { [`amplitude-note-awaiting-${V.first.slice(0, 8)}`]: since };
    expect(of([label(ahead(DAY), V.first)])[0]).toEqual({ label: 'AWSCURRENT', to: ago(29 * DAY) });
    expect(of([compromised])[0]).toEqual({ label: 'AWSCURRENT', to: ago(HOUR) });
    expect(of(['AWAITING-REVOCATION-x'], note)[0]).toEqual({
      label: 'AWSCURRENT',
      to: ago(3 * HOUR),
    });
    expect(of(['foreign'])).toEqual([]);
    expect(wanted(V.third, current).tenures).toEqual([{ label: 'AWSCURRENT' }]);
  });

  it('never, while it is pending', () => {
    const pending = { labels: ['AWSPENDING'], key: KEY.first, document: replacing(V.third) };
    const { labels, tenures } = wanted(V.first, { ...chain, [V.first]: pending });
    expect({ labels, tenures }).toEqual({ labels: ['AWSPENDING'], tenures: [] });
  });

  it('whatever a version says that was never promoted', () => {
    const leaked = {
      labels: [`COMPROMISED-20261124T110000Z-${V.first.slice(0, 8)}`],
      key: KEY.first,
      createdAt: ago(DAY),
      document: replacing(V.second),
    };
    expect(wanted(V.second, { ...chain, [V.first]: leaked }).tenures[0]?.to).toEqual(ago(2 * DAY));
  });

  it('even where two versions replace each other', () => {
    const versions = {
      [V.first]: { ...first, document: replacing(V.third) },
      [V.third]: { ...third, document: replacing(V.first) },
    };
    expect(wanted(V.first, versions).tenures[0]?.to).toEqual(ago(2 * DAY));
  });
});

it('its other labels are its own', () => {
  const labels = ['AWSPREVIOUS', label(ahead(DAY), V.second), 'MY-LABEL'];
  const versions = { ...chain, [V.second]: { ...chain[V.second], labels } };
  expect(wanted(V.second, versions as Seed['versions']).labels).toEqual(labels.slice(1));
});
