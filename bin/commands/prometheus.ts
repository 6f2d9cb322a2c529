import { loadEnvironments } from '../../lib/config.ts';
import { alertingRules, exporterConfig } from '../../lib/prometheus.ts';
import type { Command } from '../keyctl/command.ts';
import { chooseEnvironment } from '../keyctl/selection.ts';
import { regionOf } from '../operator/session.ts';
import { yaml } from '../terminal/yaml.ts';

const RULES_NOTE = [
  "# Alerting rules for Prometheus, with the thresholds of CloudWatch's alarms.",
  '# They read what the CloudWatch exporter gives: npx keyctl prometheus --exporter',
];
const EXPORTER_NOTE = [
  '# Configuration of https://github.com/prometheus/cloudwatch_exporter. Its role needs',
  '# cloudwatch:ListMetrics and cloudwatch:GetMetricStatistics; scrape it with honor_labels: true.',
];

export const prometheus: Command = {
  name: 'prometheus',
  group: 'More',
  summary: 'print alerting rules for Prometheus, or what its CloudWatch exporter needs',
  description:
    "Prints alerting rules with the thresholds of the environment's own alarms, as YAML; with --exporter, the configuration of Prometheus' CloudWatch exporter that gives their metrics. Asks nobody.",
  options: [['--exporter', 'the configuration of the CloudWatch exporter instead']],
  examples: [
    ['prometheus --env prod > amplitude-keys.rules.yml', 'for rule_files in prometheus.yml'],
    ['prometheus --env prod --exporter > config.yml', 'for the exporter'],
  ],
  async run(context, options) {
    const environments = await loadEnvironments(options.config);
    const environment = chooseEnvironment(environments, options);
    if (!options.exporter) return printed(alertingRules(environment), RULES_NOTE);
    const { name, region = await regionOf(context.connect(), name) } = environment;
    return printed(exporterConfig(environment, region), EXPORTER_NOTE);
  },
};

const printed = (json: object, note: readonly string[]) => ({
  json,
  text: () => [...note, ...yaml(json)],
});
