import type { Rule } from '../rule.ts';
import { AI } from './ai.ts';
import { AMAZON } from './amazon.ts';
import { AZURE } from './azure.ts';
import { CHAT } from './chat.ts';
import { CLOUDS } from './clouds.ts';
import { CONNECTIONS } from './connections.ts';
import { FRAMEWORKS } from './frameworks.ts';
import { GENERIC } from './generic.ts';
import { GOOGLE } from './google.ts';
import { KEYS } from './keys.ts';
import { MAIL } from './mail.ts';
import { MONITORING } from './monitoring.ts';
import { NAMED } from './named.ts';
import { PACKAGES } from './packages.ts';
import { PAYMENT } from './payment.ts';
import { SOURCES } from './sources.ts';

/** Every rule, one file per family of providers. */
export const RULES: readonly Rule[] = [
  ...AMAZON,
  ...GOOGLE,
  ...AZURE,
  ...CLOUDS,
  ...SOURCES,
  ...PACKAGES,
  ...PAYMENT,
  ...MAIL,
  ...CHAT,
  ...MONITORING,
  ...AI,
  ...KEYS,
  ...CONNECTIONS,
  ...FRAMEWORKS,
  ...GENERIC,
  ...NAMED,
];
