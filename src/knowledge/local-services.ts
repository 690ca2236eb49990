/** A service that is meant for other programs of its owner and not for strangers. */
export interface LocalService {
  name: string;
  kind: 'database' | 'cache' | 'queue' | 'admin' | 'internal';
  /** What a stranger gets: `critical` where the protocol itself asks for no log-in by default or gives the machine away. */
  severity: 'critical' | 'high' | 'medium';
}

/**
 * By TCP port, from the IANA registry and the projects' own defaults (redis.conf, postgresql.conf, my.cnf,
 * mongod.conf, elasticsearch.yml, rabbitmq.conf, dockerd, kubelet, etcd, consul). From
 * general knowledge: not compared line by line with those files.
 */
export const LOCAL_SERVICES: ReadonlyMap<number, LocalService> = new Map([
  [111, { name: 'rpcbind', kind: 'internal', severity: 'medium' }],
  [445, { name: 'SMB', kind: 'internal', severity: 'high' }],
  [631, { name: 'CUPS', kind: 'admin', severity: 'medium' }],
  [873, { name: 'rsync', kind: 'internal', severity: 'high' }],
  [1433, { name: 'SQL Server', kind: 'database', severity: 'high' }],
  [1521, { name: 'Oracle', kind: 'database', severity: 'high' }],
  [2049, { name: 'NFS', kind: 'internal', severity: 'high' }],
  [2181, { name: 'ZooKeeper', kind: 'internal', severity: 'high' }],
  [2375, { name: 'Docker API without TLS', kind: 'admin', severity: 'critical' }],
  [2379, { name: 'etcd', kind: 'database', severity: 'critical' }],
  [2380, { name: 'etcd peers', kind: 'internal', severity: 'high' }],
  [3000, { name: 'a development server or Grafana', kind: 'admin', severity: 'medium' }],
  [3306, { name: 'MySQL', kind: 'database', severity: 'high' }],
  [4369, { name: 'Erlang port mapper', kind: 'internal', severity: 'medium' }],
  [5432, { name: 'PostgreSQL', kind: 'database', severity: 'high' }],
  [5601, { name: 'Kibana', kind: 'admin', severity: 'high' }],
  [5672, { name: 'AMQP', kind: 'queue', severity: 'high' }],
  [5900, { name: 'VNC', kind: 'admin', severity: 'high' }],
  [5984, { name: 'CouchDB', kind: 'database', severity: 'high' }],
  [6379, { name: 'Redis', kind: 'cache', severity: 'critical' }],
  [7000, { name: 'Cassandra peers', kind: 'internal', severity: 'high' }],
  [7474, { name: 'Neo4j', kind: 'database', severity: 'high' }],
  [8086, { name: 'InfluxDB', kind: 'database', severity: 'high' }],
  [8500, { name: 'Consul', kind: 'admin', severity: 'high' }],
  [9000, { name: 'PHP-FPM or an object store console', kind: 'internal', severity: 'high' }],
  [9001, { name: 'Supervisor', kind: 'admin', severity: 'high' }],
  [9042, { name: 'Cassandra', kind: 'database', severity: 'high' }],
  [9090, { name: 'Prometheus or Cockpit', kind: 'admin', severity: 'medium' }],
  [9092, { name: 'Kafka', kind: 'queue', severity: 'high' }],
  [9100, { name: 'node_exporter', kind: 'internal', severity: 'medium' }],
  [9200, { name: 'Elasticsearch', kind: 'database', severity: 'critical' }],
  [9300, { name: 'Elasticsearch peers', kind: 'internal', severity: 'high' }],
  [10250, { name: 'kubelet', kind: 'admin', severity: 'critical' }],
  [11211, { name: 'memcached', kind: 'cache', severity: 'critical' }],
  [15672, { name: 'RabbitMQ management', kind: 'admin', severity: 'high' }],
  [25672, { name: 'RabbitMQ peers', kind: 'internal', severity: 'high' }],
  [27017, { name: 'MongoDB', kind: 'database', severity: 'critical' }],
]);

/** By process name, for services on other ports than their usual one. */
export const LOCAL_PROCESSES: ReadonlyMap<string, LocalService> = new Map([
  ['redis-server', { name: 'Redis', kind: 'cache', severity: 'critical' }],
  ['valkey-server', { name: 'Valkey', kind: 'cache', severity: 'critical' }],
  ['memcached', { name: 'memcached', kind: 'cache', severity: 'critical' }],
  ['mongod', { name: 'MongoDB', kind: 'database', severity: 'critical' }],
  ['postgres', { name: 'PostgreSQL', kind: 'database', severity: 'high' }],
  ['mysqld', { name: 'MySQL', kind: 'database', severity: 'high' }],
  ['mariadbd', { name: 'MariaDB', kind: 'database', severity: 'high' }],
  ['etcd', { name: 'etcd', kind: 'database', severity: 'critical' }],
  ['php-fpm', { name: 'PHP-FPM', kind: 'internal', severity: 'high' }],
  ['supervisord', { name: 'Supervisor', kind: 'admin', severity: 'high' }],
]);

/** Ports that an audit without a declaration asks from outside: the usual doors, and the services above. */
export const WELL_KNOWN_PORTS: readonly number[] = [
  ...new Set([
    21,
    22,
    23,
    25,
    53,
    80,
    110,
    143,
    389,
    443,
    465,
    587,
    636,
    993,
    995,
    2376,
    3389,
    6443,
    8000,
    8080,
    8443,
    8888,
    ...LOCAL_SERVICES.keys(),
  ]),
].sort((a, b) => a - b);
