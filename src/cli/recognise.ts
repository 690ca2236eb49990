import type { Recognise } from '../audit/recognised.ts';
import { AbsentError } from '../core/collected.ts';

/** Stands in until ports are asked what they speak. */
export const recognise: Recognise = async (host, port) => {
  throw new AbsentError('missing-tool', `what speaks at ${host}:${port} cannot be told yet; write a URL with a scheme`);
};
