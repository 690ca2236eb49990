import { describe, expect, it } from 'vitest';
import { starter } from '../../src/cli/init.ts';
import { listeningPorts, lookAround, nginxSites } from '../../src/cli/look-around.ts';
import { configOf } from '../config/support.ts';
import { NOW, tempDir } from './support.ts';

const root = tempDir({
  'proc/net/tcp': `  sl  local_address rem_address   st
   0: 00000000:0050 00000000:0000 0A 00000000:00000000
   1: 0100007F:0CEA 00000000:0000 0A 00000000:00000000
   2: 0500000A:0016 0600000A:D431 01 00000000:00000000
`,
  'proc/net/tcp6': `  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A
   1: 00000000000000000000000001000000:1538 00000000000000000000000000000000:0000 0A
`,
  'etc/nginx/sites-enabled/shop': `
# server_name old.example;
server { listen 80; server_name shop.example www.shop.example; }
server { listen 443 ssl http2; server_name shop.example _ ~^x; }`,
  'etc/ssh/sshd_config': '',
  'var/backups/shop-2026.sql.gz': 'x',
  'repo/.git/HEAD': '',
});

describe('looking around', () => {
  it('sees what listens beyond loopback', () => {
    expect(listeningPorts(root)).toEqual([80, 443]);
  });

  it('sees the names that nginx serves, and whether with TLS', () => {
    expect(nginxSites(root)).toEqual([
      { name: 'shop.example', tls: true },
      { name: 'www.shop.example', tls: false },
    ]);
  });

  it('ends in a configuration that is valid, with what was found and with nothing', () => {
    const found = lookAround(`${root}/repo`, NOW, root);
    expect(found).toMatchObject({ sshd: true, git: true, backups: [{ pattern: '/var/backups/*.sql.gz' }] });
    const config = configOf(starter({ ...found, hostname: 'Web 1!' }));
    expect(config.targets.map(({ target }) => target.id)).toEqual([
      'shop.example',
      'www.shop.example',
      'web-1-',
      'code',
      'backup-1',
      'ssh',
    ]);
    const nothing = { hostname: '', ports: [], sites: [], sshd: false, git: false, backups: [] };
    expect(configOf(starter(nothing)).targets.map(({ target }) => target.id)).toEqual(['this-machine']);
  });
});
