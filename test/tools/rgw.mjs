/**
 * A real S3 on the loopback interface: Ceph's RADOS Gateway with one monitor and one storage daemon that keeps all in
 * memory. It checks signatures, sizes, digests and the order of parts as AWS does, which no in-process fake does.
 * Needs nothing but Node and the Debian packages that it installs when they are missing.
 *
 *   node test/tools/rgw.mjs        starts it, prints its address and keys, and runs until it is interrupted
 */

import { execFile, spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const PACKAGES = ['radosgw', 'ceph-mon', 'ceph-osd'];
const PROGRAMS = [...PACKAGES, 'radosgw-admin', 'ceph', 'monmaptool', 'setpriv'];
const CLUSTER_ID = '11111111-2222-3333-4444-555555555555';
const OSD_ID = '22222222-2222-3333-4444-555555555555';
const READY_TIMEOUT_MS = 120_000;
const KEYS = { accessKeyId: 'AKIATEST', secretAccessKey: 'SECRETTEST' };

const isOnPath = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const isInstalled = () => PROGRAMS.every(isOnPath);

/** @throws Error with what to install, where this process may not. */
export const ensureRgw = () => {
  if (isInstalled()) return;
  const advice = `Ceph's S3 server is needed and was not found. On Debian and Ubuntu: sudo apt-get install ${PACKAGES.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) throw new Error(advice);
  console.log(`No S3 server found: installing ${PACKAGES.join(', ')} with apt-get (about 70 MB) …`);
  const options = {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  // Another process may be installing something just now.
  const waits = ['-o', 'DPkg::Lock::Timeout=300'];
  spawnSync('apt-get', ['update', '-qq'], options);
  spawnSync('apt-get', [...waits, 'install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], options);
  if (!isInstalled()) throw new Error(advice);
};

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const configuration = ({ dir, monPort, port, minPartSize }) => `[global]
fsid = ${CLUSTER_ID}
mon host = v1:127.0.0.1:${monPort}
mon initial members = a
auth cluster required = none
auth service required = none
auth client required = none
ms bind msgr2 = false
ms bind ipv4 = true
ms client mode = crc
public addr = 127.0.0.1
cluster addr = 127.0.0.1
osd objectstore = memstore
memstore device bytes = 12884901888
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd crush update on start = false
osd class update on start = false
osd numa auto affinity = false
osd class load list = *
osd class default list = *
mon warn on pool no redundancy = false
mon allow pool size one = true
mon max pg per osd = 1000
mon osd initial require min compat client = luminous
mon data avail crit = 1
# A change of the cluster's map waits a second by default, and a dozen of them stand before the first request.
paxos propose interval = 0.02
paxos min wait = 0.01
mon data avail warn = 2
run dir = ${dir}/run
admin socket = ${dir}/run/$name.asok
log file = ${dir}/log/$name.log
mon cluster log file = ${dir}/log/cluster.log
pid file = ${dir}/run/$name.pid
mon data = ${dir}/mon
osd data = ${dir}/osd
keyring = ${dir}/keyring
[client.rgw]
rgw data = ${dir}/rgw
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw multipart min part size = ${minPartSize}
rgw thread pool size = 64
rgw enable usage log = false
# What is removed frees its memory soon instead of after two hours.
rgw gc max objs = 1
rgw gc obj min wait = 1
rgw gc processor period = 5
rgw gc processor max time = 5
rgw data log num shards = 1
rgw md log max shards = 1
rgw lc max objs = 1
rgw override bucket index max shards = 1
`;

const exec = promisify(execFile);

/** Tries until it succeeds. @throws Error with the last failure. */
const until = async (what, attempt, deadline) => {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`${what} did not get ready in time`, { cause: error });
      await delay(100);
    }
  }
};

/**
 * Starts a server of its own, empty, within some two seconds.
 * `minPartSize`, in bytes, lets a test have many parts of little data.
 */
export const startRgw = async ({ port, minPartSize = 5 * 2 ** 20 } = {}) => {
  ensureRgw();
  const dir = mkdtempSync(join(tmpdir(), 'fastio-upload-s3-'));
  const cluster = new Cluster(dir);
  const s3Port = port ?? (await freePort());
  try {
    await cluster.start({ port: s3Port, monPort: await freePort(), minPartSize });
  } catch (error) {
    const logs = cluster.lastWords();
    await cluster.close();
    throw new Error(`The S3 server did not start.\n${logs}`, { cause: error });
  }
  return { url: `http://127.0.0.1:${s3Port}`, region: 'default', ...KEYS, close: () => cluster.close() };
};

class Cluster {
  #dir;
  #conf;
  #daemons = [];

  constructor(dir) {
    this.#dir = dir;
    this.#conf = join(dir, 'ceph.conf');
  }

  async start({ port, monPort, minPartSize }) {
    for (const folder of ['mon', 'osd', 'run', 'rgw', 'log']) mkdirSync(join(this.#dir, folder));
    writeFileSync(this.#conf, configuration({ dir: this.#dir, monPort, port, minPartSize }));
    writeFileSync(join(this.#dir, 'keyring'), '');
    const deadline = Date.now() + READY_TIMEOUT_MS;
    const monmap = join(this.#dir, 'monmap');
    const address = `[v1:127.0.0.1:${monPort}]`;
    await exec('monmaptool', ['--create', '--clobber', '--addv', 'a', address, '--fsid', CLUSTER_ID, monmap]);
    await this.#call('ceph-mon', '--mkfs', '-i', 'a', '--monmap', monmap);
    this.#start('ceph-mon', '-i', 'a');
    await until('ceph-mon', () => this.#call('ceph', 'osd', 'new', OSD_ID, '0', '--connect-timeout', '5'), deadline);
    await this.#call('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', OSD_ID);
    this.#start('ceph-osd', '-i', '0');
    const place = ['osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=loopback'];
    // A monitor that is still forming its quorum refuses single commands with EPERM.
    await until('the place of the OSD', () => this.#call('ceph', ...place), deadline);
    this.#start('radosgw', '-n', 'client.rgw');
    const { accessKeyId, secretAccessKey } = KEYS;
    const user = [
      '--uid=tests',
      '--display-name=tests',
      `--access-key=${accessKeyId}`,
      `--secret-key=${secretAccessKey}`,
    ];
    await until(
      'radosgw-admin',
      () => this.#call('radosgw-admin', '-n', 'client.rgw', 'user', 'create', ...user),
      deadline,
    );
    await until('radosgw', () => fetch(`http://127.0.0.1:${port}/`), deadline);
  }

  /** The end of each daemon's log. */
  lastWords() {
    return this.#daemons.map(({ program }) => `${program}: ${tail(this.#logOf(program))}`).join('\n');
  }

  async close() {
    await Promise.all(this.#daemons.map(({ child }) => end(child)));
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #call(program, ...args) {
    return exec(program, [...args, '--conf', this.#conf], { timeout: 20_000 });
  }

  #start(program, ...args) {
    const log = openSync(this.#logOf(program), 'a');
    // Should this process be killed, the daemons end with it.
    const command = ['--pdeathsig', 'KILL', program, ...args, '--conf', this.#conf, '-f'];
    this.#daemons.push({ program, child: spawn('setpriv', command, { stdio: ['ignore', log, log] }) });
    closeSync(log);
  }

  #logOf(program) {
    return join(this.#dir, 'log', `${program}.out`);
  }
}

const tail = (file) => (existsSync(file) ? readFileSync(file, 'utf8').slice(-1000) : '');

const end = (child) =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', resolve);
    // What it holds is scratch: nothing is worth a clean shutdown.
    child.kill('SIGKILL');
  });

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { url: endpoint, close, ...values } = await startRgw();
  console.log(JSON.stringify({ endpoint, ...values }, null, 2));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => close().then(() => process.exit(0)));
}
