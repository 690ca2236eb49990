import { z } from 'zod';

/** An address over HTTP. */
export const httpUrl = z.url({ protocol: /^https?$/, message: 'must be an http or https address' });

/** A value that must not stand in the file itself: the configuration warns where it does. */
export function secretText(what: string) {
  return z
    .string()
    .min(1)
    .meta({ writeOnly: true, description: `${what}; write \${env:NAME} or \${file:PATH}` });
}

/** An address whose path is the key to it. */
export function secretUrl(what: string) {
  return httpUrl.meta({ writeOnly: true, description: `${what}: the address is itself a secret; write \${env:NAME}` });
}
