import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { COUNTRIES_PATH, CountriesLayer } from '../../lib/countries-layer.ts';
import { geoDatabase, inCountry } from '../geo-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'countries-layer-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The folder of the layer that is made of a file, as it is uploaded. */
function layerOf(path: string, outdir: string) {
  const app = new App({ outdir: join(folder, outdir) });
  const stack = new Stack(app, 'Stack');
  new CountriesLayer(stack, 'Countries', path);
  const { template } = app.synth().getStackArtifact('Stack');
  const [layer] = Object.values(template.Resources) as { Type: string; Properties: unknown }[];
  const [name = ''] = readdirSync(join(folder, outdir)).filter((one) => /^asset\./.test(one));
  return { layer, content: join(folder, outdir, name) };
}

describe('the layer of a database of countries', () => {
  const path = join(folder, 'GeoLite2 Country (1).mmdb');
  const german = geoDatabase({ '203.0.113.0/24': inCountry('DE') });
  writeFileSync(path, german);
  chmodSync(path, 0o600);
  const { layer, content } = layerOf(path, 'first');

  it('has the file alone, under the name by which the function finds it', () => {
    expect(readdirSync(content)).toEqual(['countries.mmdb']);
    expect(COUNTRIES_PATH).toBe('/opt/countries.mmdb');
    expect(readFileSync(join(content, 'countries.mmdb'))).toEqual(german);
  });

  it('lets anybody read it there, whoever may here: Lambda is another user', () => {
    expect(statSync(join(content, 'countries.mmdb')).mode & 0o777).toBe(0o644);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is another one once the file is', () => {
    writeFileSync(path, geoDatabase({ '203.0.113.0/24': inCountry('FR') }));
    const changed = layerOf(path, 'second');
    expect(changed.layer?.Type).toBe('AWS::Lambda::LayerVersion');
    expect(changed.layer?.Properties).not.toEqual(layer?.Properties);
  });

  it('is not made of a file that went away meanwhile', () => {
    rmSync(path);
    expect(() => layerOf(path, 'third')).toThrow('ENOENT');
  });
});
