import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServer } from '../../src/build/lanes/postgres.ts';

/** A PostgreSQL that a test has started, with an empty database. */
export interface TestServer {
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** Nobody: PostgreSQL does not run as root. */
const NOBODY = 65_534;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Starts a server on loopback in a folder of its own. Settings of speed, not of safety: it lives for one test file. */
export async function startServer(): Promise<TestServer> {
  const bin = findServer();
  if (bin === undefined) throw new Error('no PostgreSQL is installed');
  const folder = mkdtempSync(join(tmpdir(), 'store-server-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const run = (program: string, args: readonly string[]): void => {
    execFileSync(join(bin, program), args, {
      ...user,
      stdio: 'ignore',
      cwd: folder,
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    });
  };
  const data = join(folder, 'data');
  const port = await freePort();
  run('initdb', ['-D', data, '-U', 'bowerbird', '--auth=trust', '-E', 'UTF8', '--no-sync']);
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off`;
  // Without a log file it would keep the pipe of its parent open.
  run('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start']);
  run('createdb', ['-h', '127.0.0.1', '-p', String(port), '-U', 'bowerbird', 'night']);
  const stop = async (): Promise<void> => {
    run('pg_ctl', ['-D', data, '-w', '-m', 'immediate', 'stop']);
    rmSync(folder, { recursive: true, force: true });
  };
  return { address: `postgres://bowerbird@127.0.0.1:${port}/night`, stop };
}
