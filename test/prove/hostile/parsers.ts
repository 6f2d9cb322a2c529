import type { Parser } from './parser.ts';
import { awsErrors, deploymentReasons, lockdownAnswers } from './parsers/aws.ts';
import {
  historyRows,
  insightsRows,
  queriesOfLabels,
  queriesOfVersions,
  trailEvents,
} from './parsers/cloudtrail.ts';
import { configuration } from './parsers/configuration.ts';
import { countryDatabases } from './parsers/countries.ts';
import { keyEntry, keyNames, leakOptions, reasons, sinceTimes } from './parsers/entry.ts';
import { guardMessages } from './parsers/guard.ts';
import { ANSWERS, commandLines, configurationFiles, functionErrors } from './parsers/keyctl.ts';
import { stagingLabels, versionIds } from './parsers/labels.ts';
import {
  emergencyPayloads,
  inspectPayloads,
  lifecyclePayloads,
  rotationEvents,
} from './parsers/payloads.ts';
import { deniedSessions, keptQuarantines } from './parsers/quarantines.ts';
import {
  codedBodies,
  httpRequests,
  otlpJson,
  otlpProtobuf,
  postedEvents,
} from './parsers/relay.ts';
import { batchAnswers, relayMessages } from './parsers/relay-sender.ts';
import { secretJson } from './parsers/secret.ts';
import { settings } from './parsers/settings.ts';
import { stagedNames, stagedValues } from './parsers/staged.ts';
import { keyTags, noteTags } from './parsers/tags.ts';
import { trailLines, wholeTrail } from './parsers/trail.ts';
import { vault } from './parsers/vault.ts';

type Opening = () => Promise<Parser>;

const ready =
  <Input>(parser: Parser<Input>): Opening =>
  async () =>
    parser as Parser;

/** Wherever the product understands something that comes from outside. */
export const PARSERS: readonly Opening[] = [
  ready(secretJson),
  ready(stagingLabels),
  ready(versionIds),
  ready(keyTags),
  ready(noteTags),
  ready(stagedValues),
  ready(stagedNames),
  ready(vault),
  rotationEvents,
  lifecyclePayloads,
  inspectPayloads,
  emergencyPayloads,
  guardMessages,
  ready(httpRequests),
  ready(codedBodies),
  ready(otlpProtobuf),
  ready(otlpJson),
  ready(postedEvents),
  relayMessages,
  ready(batchAnswers),
  ready(keptQuarantines),
  ready(deniedSessions),
  ready(countryDatabases),
  ready(settings),
  ready(trailEvents),
  ready(insightsRows),
  ready(historyRows),
  ready(queriesOfLabels),
  ready(queriesOfVersions),
  ready(awsErrors),
  ready(lockdownAnswers),
  ready(deploymentReasons),
  ready(configuration),
  configurationFiles,
  async () => (await commandLines()) as Parser,
  ready(keyEntry),
  ready(keyNames),
  ready(reasons),
  ready(sinceTimes),
  ready(leakOptions),
  ready(trailLines),
  ready(wholeTrail),
  ...ANSWERS,
  functionErrors,
];
