/**
 * What SARIF 2.1.0 (OASIS, errata 01) says of the objects that we write, as JSON Schema in our own words. Objects are
 * closed: a property that is not named here is not used, and one that SARIF does not know cannot slip in.
 */
const text = { type: 'string' };
const index = { type: 'integer', minimum: -1 };
const closed = (properties: Record<string, unknown>, required: string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const list = (items: unknown, more: Record<string, unknown> = {}) => ({ type: 'array', items, ...more });

const message = closed({ text }, ['text']); // 3.11
const multiformat = closed({ text }, ['text']); // 3.12
const level = { enum: ['none', 'note', 'warning', 'error'] }; // 3.27.10
const uri = { type: 'string', format: 'uri' };

const rule = closed(
  {
    id: text,
    name: text,
    shortDescription: multiformat,
    fullDescription: multiformat,
    help: multiformat,
    helpUri: uri,
    defaultConfiguration: closed({ level }),
    properties: { type: 'object', properties: { tags: list(text, { uniqueItems: true }) } },
  },
  ['id'],
); // 3.49

const location = closed({
  physicalLocation: closed(
    {
      artifactLocation: closed({ uri: { type: 'string', format: 'uri-reference' } }),
      region: closed({ startLine: { type: 'integer', minimum: 1 } }),
    },
    ['artifactLocation'],
  ),
  logicalLocations: list(closed({ name: text, fullyQualifiedName: text, kind: text }), { uniqueItems: true }),
}); // 3.28

const result = closed(
  {
    ruleId: text,
    ruleIndex: index,
    kind: { enum: ['notApplicable', 'pass', 'fail', 'review', 'open', 'informational'] },
    level,
    message,
    locations: list(location),
    partialFingerprints: { type: 'object', additionalProperties: text },
    baselineState: { enum: ['new', 'unchanged', 'updated', 'absent'] },
    suppressions: list(
      closed(
        {
          kind: { enum: ['inSource', 'external'] },
          status: { enum: ['accepted', 'underReview', 'rejected'] },
          justification: text,
        },
        ['kind'],
      ),
      { uniqueItems: true },
    ),
    properties: { type: 'object' },
  },
  ['message'],
); // 3.27

const notification = closed({ level, message, associatedRule: closed({ id: text, index }) }, ['message']); // 3.58

const run = closed(
  {
    tool: closed(
      { driver: closed({ name: text, version: text, rules: list(rule, { uniqueItems: true }) }, ['name']) },
      ['driver'],
    ),
    invocations: list(
      closed(
        {
          executionSuccessful: { type: 'boolean' },
          endTimeUtc: { type: 'string', format: 'date-time' },
          toolExecutionNotifications: list(notification),
        },
        ['executionSuccessful'],
      ),
    ),
    results: list(result),
    columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
  },
  ['tool'],
); // 3.14

export const SARIF_SUBSET = closed({ $schema: uri, version: { const: '2.1.0' }, runs: list(run) }, ['version', 'runs']);
