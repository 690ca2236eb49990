import type { Check } from '../src/core/check.ts';
import headersContentTypeOptions from './headers/content-type-options.ts';
import headersCsp from './headers/csp.ts';
import headersCspBaseUri from './headers/csp-base-uri.ts';
import headersCspFormAction from './headers/csp-form-action.ts';
import headersCspObjectSrc from './headers/csp-object-src.ts';
import headersHsts from './headers/hsts.ts';
import headersHstsPreload from './headers/hsts-preload.ts';
import headersHttpsRedirect from './headers/https-redirect.ts';
import pipelineExists from './pipeline/exists.ts';

/** The register: one line per check. `npm run new:check` adds one. */
export const CHECKS: readonly Check[] = [
  headersContentTypeOptions,
  headersCspBaseUri,
  headersCspFormAction,
  headersCspObjectSrc,
  headersCsp,
  headersHstsPreload,
  headersHsts,
  headersHttpsRedirect,
  pipelineExists,
];
