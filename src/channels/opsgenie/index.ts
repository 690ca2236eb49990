import { defineChannel } from '../channel.ts';
import { httpVerdict } from '../http-verdict.ts';
import { alertRequest, settings } from './alert.ts';

/** Opsgenie's alert API (it ends in April 2027; `jsm` is its successor with the same alerts). 202 taken, 422 not an alert, 429 too many. */
export default defineChannel({
  kind: 'opsgenie',
  settings,
  perIncident: true,
  render: (message, given) => alertRequest(message, given, 'https://api.opsgenie.com/v2/alerts'),
  judge: httpVerdict,
});
