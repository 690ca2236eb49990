import { createApi } from '../api/app.ts';
import { openApiDocument } from '../api/docs.ts';
import type { ApiPorts } from '../api/ports.ts';

/** The document that `/api/openapi.json` answers with, made from the routes alone: none is called, so no other port is there. */
export function openApiFile(known: Pick<ApiPorts, 'version' | 'checks'>): string {
  const ports: ApiPorts = Object.assign(Object.create(null), known);
  return `${JSON.stringify(openApiDocument(createApi(ports), known.version), null, 2)}\n`;
}
