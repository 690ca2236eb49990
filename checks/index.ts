import type { Check } from '../src/core/check.ts';
import headersContentTypeOptions from './headers/content-type-options.ts';
import pipelineExists from './pipeline/exists.ts';

/** The register: one line per check. `npm run new:check` adds one. */
export const CHECKS: readonly Check[] = [headersContentTypeOptions, pipelineExists];
