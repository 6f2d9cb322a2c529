import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createAccessGuardRuntime } from '../../../lambda/access-guard-runtime.ts';
import { read } from '../../aws/recorded/cloudtrail.ts';
import { geoDatabase, inCountry } from '../../geo-database.ts';
import { createWorld, type World } from '../world.ts';

const DAY = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'access-guard-geo-'));
afterAll(() => rmSync(folder, { recursive: true }));
const whole = geoDatabase({ '192.0.2.0/25': inCountry('DE'), '198.51.100.0/24': inCountry('FR') });

let world: World;
afterEach(() => world.close());

/** A world whose access guard is supplied with a file of these bytes, or with none. */
async function guarded(bytes?: Buffer) {
  const path = join(folder, 'countries.mmdb');
  if (bytes) writeFileSync(path, bytes);
  world = await createWorld({ guard: {}, ...(bytes ? { geoDatabase: path } : {}) });
  return path;
}

const warnings = () =>
  world.printed
    .map((line) => JSON.parse(line))
    .filter(({ level }) => level === 'WARN')
    .map(({ message, metadata }) => ({ message, metadata }));

describe('a container of the access guard', () => {
  it('says nothing of a database that is as it should be', async () => {
    await guarded(whole);
    await world.deliver(read());
    expect(warnings()).toEqual([]);
  });

  it('says nothing where none was supplied', async () => {
    await guarded();
    await world.deliver(read());
    expect(warnings()).toEqual([]);
  });

  it("warns once of one that can't be read, and judges without it", async () => {
    const path = await guarded(whole.subarray(0, 100));
    await world.deliver(read());
    await world.deliver(read());
    expect(warnings()).toEqual([
      {
        message: `Countries aren't known: the database ${path} can't be read (no metadata: it is cut off, still packed or of another format): supply another and deploy.`,
        metadata: { environment: 'dev' },
      },
    ]);
    expect(world.uses()).toHaveLength(2);
  });

  it('warns once of one that has grown old', async () => {
    const path = await guarded(whole);
    await world.deliver(read());
    world.aws.clock.advance(60 * DAY);
    await world.deliver(read());
    await world.deliver(read());
    expect(warnings()).toMatchObject([
      {
        message: `Countries may be wrong: the database ${path} is of 2026-11-20, more than 60 days old: supply a newer one and deploy.`,
      },
    ]);
  });

  it('warns of one whose damage a look-up finds', async () => {
    const damaged = Buffer.from(whole);
    damaged.write('\0\0', damaged.indexOf('BFR'));
    await guarded(damaged);
    const { clients, clock } = world.aws;
    const runtime = createAccessGuardRuntime({ clients, clock, variables: world.variables });
    expect(runtime.countries.countryOf('192.0.2.10')).toBe('DE');
    expect(runtime.warnings()).toEqual([]);
    expect(runtime.countries.countryOf('198.51.100.1')).toBeUndefined();
    expect(runtime.warnings()).toEqual([expect.stringContaining('(it is damaged)')]);
    expect(runtime.warnings()).toEqual([]);
  });
});
