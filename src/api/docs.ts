import type { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import type { ApiEnv } from './env.ts';
import { page } from './html.ts';
import type { ApiPorts } from './ports.ts';

/** The parts of an operation that the page shows. */
interface Operation {
  method: string;
  path: string;
  tag: string;
  summary: string;
  description: string;
  open: boolean;
  parameters: { name: string; in: string; required: boolean; description: string; schema: unknown }[];
  body: unknown;
  answers: [status: string, description: string][];
}

/** The document, made from the routes themselves. Call it when all routes are there. */
export function openApiDocument(app: OpenAPIHono<ApiEnv>, version: string) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of `seaworthy token create`; roles: viewer, operator, admin, ci.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'seaworthy',
    description: 'The log-in of the dashboard.',
  });
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Seaworthy',
      version,
      description:
        'Audits, monitors, incidents and gates. Errors are problem documents (RFC 9457); lists page with `nextCursor`; instants are RFC 3339, UTC. An unknown parameter is an error.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { session: [] }],
  });
}
type Document = ReturnType<typeof openApiDocument>;

function operations(document: Document): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'patch', 'delete'] as const).flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const body = operation.requestBody;
      return [
        {
          method: method.toUpperCase(),
          path,
          tag: operation.tags?.[0] ?? 'other',
          summary: operation.summary ?? '',
          description: operation.description ?? '',
          open: operation.security?.length === 0,
          parameters: (operation.parameters ?? []).flatMap((one) =>
            '$ref' in one
              ? []
              : [
                  {
                    name: one.name,
                    in: one.in,
                    required: one.required ?? false,
                    description:
                      one.description ??
                      (one.schema && 'description' in one.schema ? (one.schema.description ?? '') : ''),
                    schema: one.schema,
                  },
                ],
          ),
          body: body && 'content' in body ? body.content['application/json']?.schema : undefined,
          answers: Object.entries(operation.responses ?? {}).map(([status, answer]): [string, string] => [
            status,
            'description' in answer ? String(answer.description) : '',
          ]),
        },
      ];
    }),
  );
}

function operationView(one: Operation) {
  const parameters = one.parameters.map(
    (parameter) => html`<tr><td><code>${parameter.name}</code>${parameter.required ? ' (required)' : ''}</td>
      <td>${parameter.in}</td><td><code>${JSON.stringify(parameter.schema)}</code> ${parameter.description}</td></tr>`,
  );
  return html`<details><summary><b>${one.method}</b> <code>${one.path}</code> <span class="soft">${one.summary}${
    one.open ? ' (no token needed)' : ''
  }</span></summary>
    ${one.description === '' ? '' : html`<p>${one.description}</p>`}
    ${parameters.length === 0 ? '' : html`<table><tr><th>parameter</th><th>in</th><th>schema</th></tr>${parameters}</table>`}
    ${one.body === undefined ? '' : html`<p>Body</p><pre>${JSON.stringify(one.body, null, 2)}</pre>`}
    <table>${one.answers.map(([status, text]) => html`<tr><td><code>${status}</code></td><td>${text}</td></tr>`)}</table>
  </details>`;
}

export function docsRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  let document: Document | undefined;
  const read = () => {
    document ??= openApiDocument(app, ports.version);
    return document;
  };

  app.get('/api/openapi.json', (c) => c.json(read()));

  app.get('/api/docs', (c) => {
    const all = operations(read());
    const tags = [...new Set(all.map((one) => one.tag))].sort();
    const schemas = Object.entries(read().components?.schemas ?? {});
    return page(
      c,
      'Seaworthy API',
      html`<h1>Seaworthy API ${ports.version}</h1>
        <p>${read().info.description}</p>
        <p>The document itself: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1).</p>
        <pre>curl -H "Authorization: Bearer $TOKEN" ${new URL('/api/v1/targets', c.req.url).href}</pre>
        ${tags.map((tag) => html`<h2>${tag}</h2>${all.filter((one) => one.tag === tag).map(operationView)}`)}
        <h2>schemas</h2>
        ${schemas.map(
          ([name, schema]) => html`<details id="${name}"><summary><code>${name}</code></summary>
            <pre>${JSON.stringify(schema, null, 2)}</pre></details>`,
        )}`,
    );
  });
}
