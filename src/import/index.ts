import { fromAlertmanager } from './alertmanager.ts';
import { fromGatus } from './gatus.ts';
import { fromGrafanaOnCall } from './grafana-oncall.ts';
import { fromHealthchecks } from './healthchecks.ts';
import type { Imported } from './imported.ts';
import { fromOpsgenie } from './opsgenie.ts';
import { fromKumaBackup } from './uptime-kuma.ts';

/** A kind of file that can be taken over. `read` gets what JSON or YAML says and throws where that is something else. */
export interface ImportFormat {
  name: string;
  what: string;
  read(data: unknown): Imported;
}

export const IMPORT_FORMATS: readonly ImportFormat[] = [
  { name: 'uptime-kuma', what: 'a backup (JSON), or the database kuma.db', read: fromKumaBackup },
  { name: 'gatus', what: 'its configuration (YAML)', read: fromGatus },
  { name: 'healthchecks', what: 'the answer of GET /api/v3/checks/ (JSON)', read: fromHealthchecks },
  { name: 'alertmanager', what: 'its configuration (YAML)', read: fromAlertmanager },
  { name: 'opsgenie', what: 'the answer of GET /v2/schedules?expand=rotation (JSON)', read: fromOpsgenie },
  {
    name: 'grafana-oncall',
    what: 'one JSON object with the lists schedules, on_call_shifts and users of its API',
    read: fromGrafanaOnCall,
  },
];
