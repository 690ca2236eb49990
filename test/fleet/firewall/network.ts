import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Where every target of the test network listens, and the two addresses that the client may come from. */
export const PORTS = [22, 80, 443, 5432, 6379, 8080] as const;
export const CLIENTS = { 4: ['10.78.0.1', '10.78.0.2'], 6: ['fd78::1', 'fd78::2'] } as const;

export interface Machine {
  name: string;
  address: { 4: string; 6: string };
}

export type Answer = 'open' | 'refused' | 'silent';

/** What the kernel of the machine needs so that only the rules decide: ICMP without rate limits, forwarding on. */
const SYSCTLS = [
  'net.ipv4.icmp_ratelimit=0',
  'net.ipv6.icmp.ratelimit=0',
  'net.ipv4.ip_forward=1',
  'net.ipv6.conf.all.forwarding=1',
  'net.ipv4.conf.all.send_redirects=0',
  'net.ipv4.conf.eth0.send_redirects=0',
];

const LISTENER = `
const net = require('node:net');
let left = ${PORTS.length};
for (const port of ${JSON.stringify(PORTS)}) {
  net.createServer((s) => { s.on('error', () => {}); s.end(); }).listen(port, '::', () => { if (--left === 0) console.log('ready'); });
}`;

const CLIENT = `
const net = require('node:net');
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, host, port, localAddress, timeoutMs } = JSON.parse(line);
  const socket = net.connect({ host, port, localAddress });
  let done = false;
  const say = (answer) => { if (done) return; done = true; socket.destroy(); console.log(JSON.stringify({ id, answer })); };
  const timer = setTimeout(() => say('silent'), timeoutMs);
  socket.on('connect', () => { clearTimeout(timer); say('open'); });
  socket.on('error', (error) => { clearTimeout(timer); say(error.code === 'ETIMEDOUT' ? 'silent' : 'refused'); });
});
console.log('ready');`;

/** A bridge with a client, a backend and some machines, each in a network namespace of its own. Needs root. */
export class Network {
  readonly machines: Machine[] = [];
  readonly backend: Machine;
  readonly #prefix = `swfw${process.pid}`;
  readonly #children: ChildProcess[] = [];
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #client: ChildProcess | null = null;
  #next = 0;

  private constructor() {
    this.backend = { name: `${this.#prefix}b`, address: { 4: '10.78.0.9', 6: 'fd78::9' } };
  }

  static async start(machines: number): Promise<Network> {
    const network = new Network();
    try {
      network.#wire(machines);
      await network.#serve();
      return network;
    } catch (error) {
      network.stop();
      throw error;
    }
  }

  #wire(count: number): void {
    const hub = `${this.#prefix}c`;
    ip(`netns add ${hub}`);
    ip(`-n ${hub} link add br0 address 02:00:00:00:00:01 type bridge`);
    ip(`-n ${hub} link set br0 up`);
    for (const [family, addresses] of Object.entries(CLIENTS)) {
      for (const address of addresses)
        ip(`-n ${hub} addr add ${address}/${family === '4' ? '24' : '64 nodad'} dev br0`);
    }
    for (let at = 0; at < count; at += 1) {
      this.machines.push({
        name: `${this.#prefix}m${at}`,
        address: { 4: `10.78.0.${20 + at}`, 6: `fd78::${20 + at}` },
      });
    }
    const all = [this.backend, ...this.machines];
    for (const [at, { name, address }] of all.entries()) {
      ip(`netns add ${name}`);
      ip(`-n ${hub} link add v${at} type veth peer name eth0 netns ${name}`);
      ip(`-n ${name} link set eth0 address 02:00:00:00:01:0${at}`);
      ip(`-n ${hub} link set v${at} master br0 up`);
      ip(`-n ${name} link set lo up`);
      ip(`-n ${name} addr add ${address[4]}/24 dev eth0`);
      ip(`-n ${name} addr add ${address[6]}/64 dev eth0 nodad`);
      ip(`-n ${name} link set eth0 up`);
      for (const setting of SYSCTLS) execFileSync('ip', ['netns', 'exec', name, 'sysctl', '-qw', setting]);
    }
    // Neighbours are fixed: rules that drop everything must not look like rules that drop neighbour discovery.
    for (const [at, { name, address }] of all.entries()) {
      for (const family of [4, 6] as const) {
        ip(`-n ${hub} neigh replace ${address[family]} lladdr 02:00:00:00:01:0${at} dev br0 nud permanent`);
        for (const client of CLIENTS[family])
          ip(`-n ${name} neigh replace ${client} lladdr 02:00:00:00:00:01 dev eth0 nud permanent`);
        for (const [other, machine] of all.entries()) {
          if (other !== at)
            ip(
              `-n ${name} neigh replace ${machine.address[family]} lladdr 02:00:00:00:01:0${other} dev eth0 nud permanent`,
            );
        }
      }
    }
  }

  async #serve(): Promise<void> {
    await Promise.all([this.backend, ...this.machines].map(({ name }) => this.#node(name, LISTENER)));
    this.#client = await this.#node(`${this.#prefix}c`, CLIENT, (line) => {
      const { id, answer } = JSON.parse(line) as { id: number; answer: Answer };
      this.#waiting.get(id)?.(answer);
      this.#waiting.delete(id);
    });
  }

  /** Starts a script of ours in a namespace and waits until it says that it is ready. */
  async #node(namespace: string, script: string, onLine: (line: string) => void = () => {}): Promise<ChildProcess> {
    const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#children.push(child);
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`a helper in ${namespace} ended with ${code}`)));
      createInterface({ input: child.stdout }).on('line', (line) => (line === 'ready' ? resolve() : onLine(line)));
    });
    return child;
  }

  /** Runs a command in a machine; what it prints. Rejects with its complaints where it fails. */
  run(machine: Machine, command: readonly string[], input = ''): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = execFile(
        'ip',
        ['netns', 'exec', machine.name, ...command],
        { maxBuffer: 32 * 1024 * 1024 },
        (error, stdout, stderr) => (error ? reject(new Error(`${error.message}\n${stderr}`)) : resolve(stdout)),
      );
      child.stdin?.on('error', () => {});
      child.stdin?.end(input);
    });
  }

  /** What a connection from the client really meets. */
  connect(host: string, port: number, localAddress: string, timeoutMs: number): Promise<Answer> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#client?.stdin?.write(`${JSON.stringify({ id, host, port, localAddress, timeoutMs })}\n`);
    });
  }

  stop(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const name of [`${this.#prefix}c`, this.backend.name, ...this.machines.map((machine) => machine.name)]) {
      try {
        ip(`netns del ${name}`);
      } catch {
        // It was never made.
      }
    }
  }
}

function ip(command: string): void {
  execFileSync('ip', command.replaceAll('\0', '').split(' '), { stdio: ['ignore', 'ignore', 'pipe'] });
}
