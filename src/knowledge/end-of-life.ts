/** When the maintainers' own security support of a release ends, and where longer support can be had. Dates are days, inclusive. */
export interface Release {
  /** Free security updates by the distribution itself, its long-term team included. */
  until: string;
  /** Paid or opt-in support after that, where there is one. */
  extended?: { until: string; by: string };
}

/** Where the dates of each distribution are published. The ends of releases that still live are as announced there, and may move. */
export const END_OF_LIFE_SOURCES: Readonly<Record<string, string>> = {
  debian: 'https://wiki.debian.org/LTS',
  ubuntu: 'https://ubuntu.com/about/release-cycle',
  rhel: 'https://access.redhat.com/support/policy/updates/errata',
  almalinux: 'https://wiki.almalinux.org/release-notes/',
  rocky: 'https://wiki.rockylinux.org/rocky/version/',
  centos: 'https://www.centos.org/centos-linux-eol/',
  amzn: 'https://aws.amazon.com/amazon-linux-2/faqs/',
  alpine: 'https://alpinelinux.org/releases/',
  fedora: 'https://docs.fedoraproject.org/en-US/releases/eol/',
};

/**
 * By os-release ID, then by VERSION_ID (major version for the RHEL family, `3.x` for Alpine). Debian and Ubuntu are compared
 * with Debian's package distro-info-data by a test. The other rows were compared one by one with the data of
 * endoflife.date as of 22 August 2026 (same dates), not with the pages above themselves.
 */
export const END_OF_LIFE: Readonly<Record<string, Readonly<Record<string, Release>>>> = {
  debian: {
    '8': { until: '2020-06-30', extended: { until: '2025-06-30', by: 'Freexian ELTS' } },
    '9': { until: '2022-06-30', extended: { until: '2027-06-30', by: 'Freexian ELTS' } },
    '10': { until: '2024-06-30', extended: { until: '2029-06-30', by: 'Freexian ELTS' } },
    '11': { until: '2026-08-31', extended: { until: '2031-06-30', by: 'Freexian ELTS' } },
    '12': { until: '2028-06-30', extended: { until: '2033-06-30', by: 'Freexian ELTS' } },
    '13': { until: '2030-06-30', extended: { until: '2035-06-30', by: 'Freexian ELTS' } },
  },
  ubuntu: {
    '14.04': { until: '2019-04-25', extended: { until: '2024-04-25', by: 'Ubuntu Pro' } },
    '16.04': { until: '2021-04-30', extended: { until: '2026-04-23', by: 'Ubuntu Pro' } },
    '18.04': { until: '2023-05-31', extended: { until: '2028-04-26', by: 'Ubuntu Pro' } },
    '20.04': { until: '2025-05-29', extended: { until: '2030-04-23', by: 'Ubuntu Pro' } },
    '22.04': { until: '2027-06-01', extended: { until: '2032-04-21', by: 'Ubuntu Pro' } },
    '24.04': { until: '2029-05-31', extended: { until: '2034-04-25', by: 'Ubuntu Pro' } },
    '24.10': { until: '2025-07-10' },
    '25.04': { until: '2026-01-15' },
    '25.10': { until: '2026-07-09' },
    '26.04': { until: '2031-05-29', extended: { until: '2036-04-23', by: 'Ubuntu Pro' } },
  },
  rhel: {
    '7': { until: '2024-06-30', extended: { until: '2029-05-31', by: 'Red Hat ELS' } },
    '8': { until: '2029-05-31', extended: { until: '2033-05-31', by: 'Red Hat ELS' } },
    '9': { until: '2032-05-31', extended: { until: '2036-05-31', by: 'Red Hat ELS' } },
    '10': { until: '2035-05-31', extended: { until: '2039-05-31', by: 'Red Hat ELS' } },
  },
  almalinux: { '8': { until: '2029-05-31' }, '9': { until: '2032-05-31' }, '10': { until: '2035-05-31' } },
  rocky: { '8': { until: '2029-05-31' }, '9': { until: '2032-05-31' }, '10': { until: '2035-05-31' } },
  centos: { '6': { until: '2020-11-30' }, '7': { until: '2024-06-30' }, '8': { until: '2021-12-31' } },
  amzn: { '2': { until: '2026-06-30' }, '2023': { until: '2029-06-30' } },
  alpine: {
    '3.17': { until: '2024-11-22' },
    '3.18': { until: '2025-05-09' },
    '3.19': { until: '2025-11-01' },
    '3.20': { until: '2026-04-01' },
    '3.21': { until: '2026-11-01' },
    '3.22': { until: '2027-05-01' },
    '3.23': { until: '2027-11-01' },
    '3.24': { until: '2028-06-01' },
  },
  fedora: {
    '39': { until: '2024-11-26' },
    '40': { until: '2025-05-13' },
    '41': { until: '2025-12-15' },
    '42': { until: '2026-05-27' },
    '43': { until: '2026-12-09' },
    '44': { until: '2027-06-02' },
  },
};

/** The release of a host, `undefined` where the table has none. */
export function releaseOf(id: string, versionId: string): Release | undefined {
  const versions = END_OF_LIFE[id];
  const [major = '', minor = ''] = versionId.split('.');
  return versions?.[versionId] ?? versions?.[`${major}.${minor}`] ?? versions?.[major];
}
