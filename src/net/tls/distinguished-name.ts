/** Short names of the attribute types that certificates use (RFC 4519, RFC 5280 appendix A). */
const SHORT: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.15': 'businessCategory',
  '2.5.4.17': 'postalCode',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'organizationIdentifier',
  '1.2.840.113549.1.9.1': 'emailAddress',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionC',
};

/** One attribute of a distinguished name, in the order of the certificate. */
export interface NameAttribute {
  type: string;
  value: string;
}

/** A name on one line, "C=US, O=Example, CN=shop.example". Control characters of hostile names become a full stop. */
export function formatName(attributes: readonly NameAttribute[]): string {
  return attributes
    .map(({ type, value }) => `${SHORT[type] ?? type}=${clean(value).replace(/([,+"\\<>;])/g, '\\$1')}`)
    .join(', ');
}

/** The last common name, which is the most specific one. */
export function commonNameOf(attributes: readonly NameAttribute[]): string | null {
  const last = attributes.findLast(({ type }) => type === '2.5.4.3');
  return last ? clean(last.value) : null;
}

function clean(value: string): string {
  return value.slice(0, 1_024).replace(/[\u0000-\u001f\u007f-\u009f]/g, '.');
}
