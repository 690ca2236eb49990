import { expect, it } from 'vitest';
import { listenSection } from '../../../src/probes/host/listen.ts';

const OUTPUT = `
@@ ss
tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=10,fd=3))
tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=30,fd=6),("nginx",pid=20,fd=6))
tcp LISTEN 0 511 0.0.0.0:8080 0.0.0.0:* users:(("node",pid=40,fd=6))
tcp LISTEN 0 511 0.0.0.0:9090 0.0.0.0:*

@rc 0

@@ exes
lrwxrwxrwx 1 root root 0 Nov  1 10:00 /proc/10/exe -> /usr/sbin/sshd
lrwxrwxrwx 1 root root 0 Nov  1 10:00 /proc/20/exe -> /usr/sbin/nginx
lrwxrwxrwx 1 root root 0 Nov  1 10:00 /proc/40/exe -> /opt/app/node (deleted)

@@ running
 111 -rwxr-xr-x 1 root root 876328 Jun  1 10:00 /proc/10/exe
 999 -rwxr-xr-x 1 root root 876328 Jun  1 10:00 /proc/20/exe

@@ files
111 /usr/sbin/sshd
@owner openssh-server
222 /usr/sbin/nginx
@owner nginx-core

@@ bindv6only
0
`;

it('names the program and the package behind a port, and not the package of a file that only has the same name', () => {
  const facts = listenSection.parse({ stdout: OUTPUT, stderr: '', exitCode: 0, truncated: false, root: true });
  const programs = new Map(facts.sockets.map((one) => [one.port, one.program]));
  expect(programs.get(22)).toEqual({ path: '/usr/sbin/sshd', package: 'openssh-server' });
  // nginx of a container: the host's file is another one.
  expect(programs.get(80)).toEqual({ path: '/usr/sbin/nginx', package: null });
  expect(programs.get(8080)).toEqual({ path: '/opt/app/node', package: null });
  expect(programs.get(9090)).toBeUndefined();
});
