/**
 * Features of the Permissions Policy that reach a person's devices, place or money. Source: the policy-controlled
 * features list of the W3C Web Application Security group (github.com/w3c/webappsec-permissions-policy, features.md).
 */
export const SENSITIVE_FEATURES: readonly string[] = [
  'bluetooth',
  'camera',
  'clipboard-read',
  'display-capture',
  'geolocation',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'microphone',
  'midi',
  'otp-credentials',
  'payment',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
];
