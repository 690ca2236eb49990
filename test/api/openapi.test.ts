import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { fakeApi } from './fake-ports.ts';

/** https://spec.openapis.org/oas/3.1/schema/2022-10-07, unchanged. */
const text = readFileSync(new URL('../fixtures/openapi-3.1.schema.json', import.meta.url), 'utf8');
/** ajv looks for the dynamic anchor at the root; it can only mean `$defs/schema` here. */
const official = JSON.parse(text.replaceAll('"$dynamicRef": "#meta"', '"$ref": "#/$defs/schema"'));

async function document() {
  const { call } = fakeApi();
  return JSON.parse(await (await call('viewer', 'GET', '/api/openapi.json')).text());
}

describe('the OpenAPI document', () => {
  it('is valid by the official schema', async () => {
    const ajv = new Ajv2020.default({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(official);
    expect(validate(await document()), JSON.stringify(validate.errors, null, 1)).toBe(true);
    expect(validate({ openapi: '3.1.0', info: { title: 'no version' }, paths: {} })).toBe(false);
  });

  it('has only references that lead somewhere, and JSON Schemas that compile', async () => {
    const all = await document();
    const ajv = new Ajv2020.default({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema({ $id: 'doc', ...all });
    const names = Object.keys(all.components.schemas);
    expect(names.length).toBeGreaterThan(20);
    for (const name of names)
      expect(() => ajv.compile({ $ref: `doc#/components/schemas/${name}` }), name).not.toThrow();
  });

  it('names everything that the interface promises', async () => {
    const paths = Object.keys((await document()).paths);
    for (const path of [
      '/api/v1/targets',
      '/api/v1/targets/{id}',
      '/api/v1/targets/{id}/scorecard',
      '/api/v1/targets/{id}/findings',
      '/api/v1/targets/{id}/history',
      '/api/v1/targets/{id}/headers',
      '/api/v1/targets/{id}/tls',
      '/api/v1/targets/{id}/exposure',
      '/api/v1/targets/{id}/audit',
      '/api/v1/scorecard',
      '/api/v1/services/{id}/scorecard',
      '/api/v1/checks',
      '/api/v1/audits',
      '/api/v1/audits/{id}',
      '/api/v1/audits/{id}/replay',
      '/api/v1/monitors',
      '/api/v1/monitors/{id}/beats',
      '/api/v1/uptime',
      '/api/v1/slos',
      '/api/v1/incidents',
      '/api/v1/incidents/{id}/ack',
      '/api/v1/incidents/{id}/resolve',
      '/api/v1/incidents/{id}/notes',
      '/api/v1/silences',
      '/api/v1/maintenance',
      '/api/v1/waivers',
      '/api/v1/attestations',
      '/api/v1/gate',
      '/api/v1/deployments',
      '/api/v1/events',
      '/metrics',
      '/healthz',
      '/readyz',
    ]) {
      expect(paths).toContain(path);
    }
  });

  it('describes the answers that are really given', async () => {
    const all = await document();
    const ajv = new Ajv2020.default({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema({ $id: 'doc', ...all });
    const { call } = fakeApi();
    for (const path of [
      '/api/v1/targets',
      '/api/v1/findings',
      '/api/v1/checks',
      '/api/v1/audits',
      '/api/v1/monitors',
      '/api/v1/incidents',
      '/api/v1/scorecard',
      '/api/v1/me',
      '/api/v1/uptime',
    ]) {
      const pointer = path.replaceAll('/', '~1');
      const validate = ajv.compile({
        $ref: `doc#/paths/${pointer}/get/responses/200/content/application~1json/schema`,
      });
      expect(
        validate(await (await call('viewer', 'GET', path)).json()),
        `${path} ${JSON.stringify(validate.errors)}`,
      ).toBe(true);
    }
  });
});
