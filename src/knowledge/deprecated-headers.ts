/** Headers that browsers dropped, why, and what took their place. */
export interface DeprecatedHeader {
  name: string;
  why: string;
  instead: string;
}

export const DEPRECATED_HEADERS: readonly DeprecatedHeader[] = [
  {
    name: 'public-key-pins',
    why: 'browsers removed key pinning in 2018; a wrong pin locked visitors out',
    instead: 'Certificate Transparency, CAA',
  },
  {
    name: 'public-key-pins-report-only',
    why: 'browsers removed key pinning in 2018',
    instead: 'Certificate Transparency, CAA',
  },
  { name: 'expect-ct', why: 'every current browser enforces Certificate Transparency by itself', instead: 'nothing' },
  { name: 'feature-policy', why: 'it was renamed in 2020 and its syntax changed', instead: 'Permissions-Policy' },
  { name: 'p3p', why: 'no current browser reads it', instead: 'nothing' },
  { name: 'x-content-security-policy', why: 'it is the prefixed name of 2011', instead: 'Content-Security-Policy' },
  { name: 'x-webkit-csp', why: 'it is the prefixed name of 2011', instead: 'Content-Security-Policy' },
  { name: 'x-download-options', why: 'only Internet Explorer read it', instead: 'nothing' },
  { name: 'x-ua-compatible', why: 'only Internet Explorer read it', instead: 'nothing' },
];
