/** Where one can go, and the letter that goes there after `g`. The order is that of the navigation. */
export const PLACES = [
  { path: '/', label: 'Overview', key: 'o' },
  { path: '/targets', label: 'Targets', key: 't' },
  { path: '/services', label: 'Services', key: 's' },
  { path: '/monitors', label: 'Monitors', key: 'm' },
  { path: '/incidents', label: 'Incidents', key: 'i' },
  { path: '/oncall', label: 'On call', key: 'n' },
  { path: '/quiet', label: 'Silences', key: 'q' },
  { path: '/checks', label: 'Checks', key: 'c' },
  { path: '/audits', label: 'Audits', key: 'a' },
] as const;
