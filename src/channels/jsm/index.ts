import { defineChannel } from '../channel.ts';
import { httpVerdict } from '../http-verdict.ts';
import { alertRequest, settings } from '../opsgenie/alert.ts';

/** Jira Service Management's alert API for integrations: Opsgenie's requests at another address. */
export default defineChannel({
  kind: 'jsm',
  settings,
  perIncident: true,
  render: (message, given) => alertRequest(message, given, 'https://api.atlassian.com/jsm/ops/integration/v2/alerts'),
  judge: httpVerdict,
});
