import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERBS } from '../../src/cli/verbs.ts';
import { cli, tempDir } from './support.ts';

describe('wrong usage ends with 2, says what was meant and leaves stdout alone', () => {
  it.each([
    [['chekcs'], 'unknown command "chekcs"; did you mean "checks"?'],
    [['https://shop.example/'], 'did you mean `seaworthy audit https://shop.example/`?'],
    [['audit', '--fail-onn', 'high', 'local'], '(Did you mean --fail-on?)'],
    [['audit', 'local', '--fail-on', 'hihg'], 'Did you mean "high"?'.toLowerCase()],
    [['audit', 'local', '--format', 'xml'], 'Allowed choices are pretty, json'],
    [['audit', 'local', '--timeout', 'soon'], 'write a number and a unit'],
    [['audit', 'local', '--concurrency', '0'], 'write a whole number from 1 to 256'],
    [['audit', 'local', '--only', 'hedaers'], '"hedaers" is neither a category nor a check'],
    [['audit', 'local', '--host-key', 'abc'], '"abc" is not a fingerprint'],
    [['audit', 'local', '--ca', 'nowhere.pem'], '--ca'],
    [['audit', 'ssh://a@127.0.0.1', '--identity', 'nowhere'], '--identity'],
    [['audit'], 'name a target'],
    [['audit', 'shop-wb'], '"shop-wb" is no target'],
    [['audit', 'shop.example'], 'did you mean https://shop.example/ or shop.example:443?'],
    [['audit', 'ana@10.0.0.5'], 'did you mean ssh://ana@10.0.0.5?'],
    [['audit', './nowhere'], 'there is no such directory'],
    [['audit', 'https://u:p@shop.example/'], 'must not hold a user or password'],
    [['audit', '127.0.0.1:99999'], 'has no port 99999'],
    [['audit', 'gopher://x'], '"gopher://" is not known'],
    [['audit', '--facts', 'nowhere.json'], 'nowhere.json'],
    [['audit', 'local', '--config', 'nowhere.yaml'], 'there is no such file'],
    [['gate'], 'name a target, or have some in seaworthy.yaml'],
    [['gate', 'local', '--baseline', 'nowhere.json'], '`seaworthy gate --update-baseline` writes one'],
    [['gate', 'local', '--baseline', 'https://x.example/b.json', '--update-baseline'], 'writes a file, not an address'],
    [['explain'], "missing required argument 'check-id'"],
    [['explain', 'headers.content-type'], 'unknown check "headers.content-type"'],
    [['checks', '--category', 'heders'], 'unknown category "heders"; did you mean "headers"?'],
    [['config', 'check'], 'there is no seaworthy.yaml here'],
    [['config', 'chek'], "unknown command 'chek'"],
    [['token', 'create'], "required option '--role <role>' not specified"],
    [['token', 'create', '--role', 'root'], 'Allowed choices are viewer'],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await cli(argv);
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('names the targets of the configuration', async () => {
    const cwd = tempDir({ 'seaworthy.yaml': 'targets: [{ id: shop-web, endpoint: https://shop.example/ }]' });
    const { code, err } = await cli(['audit', 'shop-wb'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('did you mean shop-web?; the configuration has shop-web');
  });

  it('prints every problem of a configuration', async () => {
    const cwd = tempDir({ 'c.yaml': 'version: 2\ntargets: [{ id: a, hots: local }]\n' });
    const { code, err } = await cli(['config', 'check', join(cwd, 'c.yaml')]);
    expect(code).toBe(2);
    expect(err).toContain('c.yaml:1:10 version: must be 1, not 2\n');
    expect(err).toContain('unknown key "hots"; did you mean "host"?');
  });
});

describe('help', () => {
  it('names every verb', async () => {
    const { code, out } = await cli(['--help']);
    expect(code).toBe(0);
    for (const { name, summary } of VERBS)
      expect(out).toMatch(new RegExp(`^  ${name} .*${summary.split(' ')[0]}`, 'm'));
  });

  it.each(VERBS.map(({ name }) => name))('of %s says what it takes', async (name) => {
    const { code, out } = await cli([name, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: seaworthy ${name}`);
  });

  it('is an error where nothing was asked', async () => {
    expect(await cli([])).toMatchObject({ code: 2, out: '' });
  });
});

describe('small verbs', () => {
  it('checks lists every check, or those of a category', async () => {
    const all = (await cli(['checks'])).out.trim().split('\n');
    const headers = (await cli(['checks', '--category', 'headers'])).out.trim().split('\n');
    expect(headers.length).toBeGreaterThan(5);
    expect(all.length).toBeGreaterThan(headers.length);
    for (const line of headers) expect(line).toMatch(/^headers\.[a-z-]+ +(critical|high|medium|low|info) +\S/);
    expect(JSON.parse((await cli(['checks', '--json'])).out)).toHaveLength(all.length);
  });

  it('explain says why, how to fix it, its options and its sources', async () => {
    const { code, out } = await cli(['explain', 'headers.hsts']);
    expect(code).toBe(0);
    for (const part of ['\nWhy\n', '\nFix\n', 'minDays', '(default 180)', 'https://www.rfc-editor.org/rfc/rfc6797']) {
      expect(out).toContain(part);
    }
  });

  it('host-script prints a shell script', async () => {
    expect((await cli(['host-script'])).out).toMatch(/LC_ALL=C/);
  });

  it('config schema prints a JSON Schema with the options of checks', async () => {
    const schema = JSON.parse((await cli(['config', 'schema'])).out);
    expect(schema.$defs.checks.properties['headers.hsts'].anyOf[2].properties.minDays).toMatchObject({
      default: 180,
    });
  });

  it('config check says what it read, and warns that nobody is told', async () => {
    const cwd = tempDir({ 'seaworthy.yaml': 'targets: [{ id: a, host: local }]' });
    const { code, out, err } = await cli(['config', 'check'], { cwd });
    expect(code).toBe(0);
    expect(out).toContain('is valid: 0 services, 1 target (1 audited, 0 watched), 0 waivers, 0 channels');
    expect(err).toContain('nobody is told');
  });

  it('init writes a configuration that is valid, and never over one that is there', async () => {
    const cwd = tempDir();
    expect(await cli(['init'], { cwd })).toMatchObject({ code: 0, out: '' });
    expect(await cli(['config', 'check'], { cwd })).toMatchObject({ code: 0 });
    writeFileSync(join(cwd, 'seaworthy.yaml'), '# mine\n');
    expect(await cli(['init'], { cwd })).toMatchObject({ code: 2, out: '' });
    expect(readFileSync(join(cwd, 'seaworthy.yaml'), 'utf8')).toBe('# mine\n');
  });

  it('doctor is content with an empty folder and not with a broken configuration', async () => {
    const cwd = tempDir();
    const good = await cli(['doctor', '--data', join(cwd, 'data')], { cwd });
    expect(good.out).toMatch(/✓ clock/);
    expect(good.code).toBe(0);
    expect(existsSync(join(cwd, 'data'))).toBe(false);
    writeFileSync(join(cwd, 'seaworthy.yaml'), 'targets: 5\n');
    const bad = await cli(['doctor', '--data', join(cwd, 'data')], { cwd });
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/✗ configuration +\S*seaworthy.yaml:1:10 targets: must be a list, not 5/);
  });
});
