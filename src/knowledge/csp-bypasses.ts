/**
 * Hosts that serve script which an attacker can bend (JSONP callbacks, old template libraries, files that anybody can
 * publish), so that allowing the whole host is the same as allowing injected script. Sources: Weichselbaum et al., "CSP
 * is dead, long live CSP" (2016); the hosts' own pages saying that they serve every public package or upload.
 */
export const CSP_BYPASS_HOSTS: readonly string[] = [
  'accounts.google.com',
  'ajax.googleapis.com',
  'api.twitter.com',
  'cdn.jsdelivr.net',
  'cdnjs.cloudflare.com',
  'clients1.google.com',
  'code.angularjs.org',
  'd3js.org',
  'esm.sh',
  'fastly.jsdelivr.net',
  'gist.githubusercontent.com',
  'graph.facebook.com',
  'maps.googleapis.com',
  'pastebin.com',
  'raw.githubusercontent.com',
  'storage.googleapis.com',
  'translate.googleapis.com',
  'unpkg.com',
  'www.google.com',
  'www.googleapis.com',
  'www.googleadservices.com',
  's3.amazonaws.com',
  'yandex.st',
];
