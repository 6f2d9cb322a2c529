import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

const FILE = 'countries.mmdb';
/** Where a function that has the layer finds the database. */
export const COUNTRIES_PATH = `/opt/${FILE}`;

/** The operator's database of countries, whatever its name; apart from the code, which changes by itself. */
export class CountriesLayer extends LayerVersion {
  constructor(scope: Construct, id: string, path: string) {
    const local = {
      tryBundle(folder: string): boolean {
        const copy = join(folder, FILE);
        copyFileSync(path, copy);
        // Lambda reads it as a user of its own.
        chmodSync(copy, 0o644);
        return true;
      },
    };
    super(scope, id, {
      description: "Database of countries in MaxMind's format",
      code: Code.fromAsset(import.meta.dirname, {
        assetHashType: AssetHashType.OUTPUT,
        bundling: { image: Runtime.NODEJS_24_X.bundlingImage, command: [path], local },
      }),
    });
  }
}
