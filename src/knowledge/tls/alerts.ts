/** Alert descriptions (IANA "TLS Alerts" registry) that a refusal to shake hands can carry. */
const ALERTS: Record<number, string> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  40: 'handshake_failure',
  41: 'no_certificate',
  47: 'illegal_parameter',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  112: 'unrecognized_name',
  116: 'certificate_required',
  120: 'no_application_protocol',
};

/** Numbers of the alerts that the engine acts on. */
export const ALERT = {
  closeNotify: 0,
  badRecordMac: 20,
  decryptionFailed: 21,
  decryptError: 51,
  protocolVersion: 70,
  internalError: 80,
  inappropriateFallback: 86,
  unrecognizedName: 112,
} as const;

/** The name of an alert, or its number. */
export function alertName(description: number): string {
  return ALERTS[description] ?? `alert ${description}`;
}
