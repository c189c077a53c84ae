import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

/** How the server answers for one repository, instead of as git does. Each field does its own harm. */
export interface Manner {
  /** Answers with this status. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
  /** Answers like this only from the nth request of this repository on (1 is the first). */
  readonly from?: number;
  /** Sends objects at this many bytes in a tenth of a second. */
  readonly slow?: number;
  /** Closes the connection after this many bytes of objects. */
  readonly cut?: number;
  /** Never answers the request for objects. */
  readonly silent?: boolean;
}

/** A request as it came. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly authorization: string;
}

/** Real git over HTTP on loopback: node:http and `git http-backend`. */
export interface GitServer {
  /** Folder of the bare repositories; `acme/app.git` is served at `/acme/app.git`. */
  readonly root: string;
  /** Without a slash at the end. */
  readonly origin: string;
  /** Every request since the last `requests.splice(0)`. */
  readonly requests: SeenRequest[];
  /** Path of a repository (`acme/app.git`) to how it is answered. */
  readonly manners: Map<string, Manner>;
  /** What `Authorization` has to be; undefined lets everybody in. May be changed at any time. */
  authorization: string | undefined;
  url(repository: string): string;
  close(): Promise<void>;
}

/** Starts a server of the repositories below `root`. */
export async function startGitServer(root: string): Promise<GitServer> {
  const children = new Set<ChildProcessWithoutNullStreams>();
  const counts = new Map<string, number>();
  const http = createServer((request, response) => {
    const url = request.url ?? '';
    const authorization = request.headers.authorization ?? '';
    server.requests.push({ method: request.method ?? '', url, authorization });
    if (server.authorization !== undefined && authorization !== server.authorization) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('wrong token');
      return;
    }
    const name = /^\/(.+?)\/(?:info\/refs|git-upload-pack|HEAD|objects\/)/.exec(url)?.[1] ?? '';
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const manner = server.manners.get(decodeURIComponent(name));
    const isDue = manner !== undefined && count >= (manner.from ?? 1);
    if (isDue && manner.status !== undefined) {
      response.writeHead(manner.status, { 'content-type': 'text/plain', ...manner.headers }).end(manner.text ?? '');
      return;
    }
    runBackend(root, request, response, isDue ? manner : {}, children);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const server: GitServer = {
    root,
    origin,
    requests: [],
    manners: new Map(),
    authorization: undefined,
    url: (repository) => `${origin}/${repository}`,
    close: async () => {
      for (const child of children) child.kill('SIGKILL');
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

/** Runs git's own CGI program for a request. */
function runBackend(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
  manner: Manner,
  children: Set<ChildProcessWithoutNullStreams>,
): void {
  const url = new URL(request.url ?? '', 'http://loopback');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? '',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
  });
  children.add(child);
  child.on('close', () => children.delete(child));
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  response.on('close', () => child.kill('SIGKILL'));
  void answer(child, response, manner);
}

async function answer(child: ChildProcessWithoutNullStreams, response: ServerResponse, manner: Manner): Promise<void> {
  let head = Buffer.alloc(0);
  let sent = 0;
  let isObjects = false;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    let body = chunk;
    if (!response.headersSent) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) continue;
      writeHead(response, head.subarray(0, end).toString('latin1'));
      body = head.subarray(end + 4);
    }
    // Behind this word of version 2 come the objects; what is before is the talk about them.
    isObjects ||= body.includes('packfile');
    if (isObjects && manner.silent) return;
    if (isObjects && manner.cut !== undefined && sent + body.length > manner.cut) {
      response.write(body.subarray(0, manner.cut - sent), () => response.destroy());
      return;
    }
    if (isObjects && manner.slow !== undefined) await writeSlowly(response, body, manner.slow);
    else response.write(body);
    if (isObjects) sent += body.length;
  }
  response.end();
}

async function writeSlowly(response: ServerResponse, body: Buffer, step: number): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += step) {
    response.write(body.subarray(at, at + step));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function writeHead(response: ServerResponse, head: string): void {
  const fields = head.split('\r\n').map((line) => line.split(/:\s*(.*)/s, 2) as [string, string]);
  const status = fields.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? '200';
  for (const [name, value] of fields) if (name.toLowerCase() !== 'status') response.setHeader(name, value);
  response.writeHead(Number.parseInt(status, 10));
  response.flushHeaders();
}

/** A text for `git fast-import`: commits that each write one file, on one branch. */
export function importText(branch: string, files: readonly (readonly [path: string, text: string])[]): string {
  return files
    .map(([path, text], i) => {
      const who = `Someone <someone@example.org> ${1_700_000_000 + i} +0000`;
      const message = `Change ${path}`;
      return `commit refs/heads/${branch}\ncommitter ${who}\ndata ${message.length}\n${message}\nM 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
    })
    .join('');
}

/** Makes a bare repository below the root of a server: `main` with a commit for each file. Its folder. */
export function makeRepository(
  root: string,
  name: string,
  files: readonly (readonly [path: string, text: string])[],
): string {
  const folder = join(root, name);
  mkdirSync(dirname(folder), { recursive: true });
  runGit(root, ['init', '-q', '--bare', '--initial-branch=main', folder]);
  if (files.length > 0) addCommits(folder, 'main', files);
  return folder;
}

/** Adds commits to a branch of a bare repository. */
export function addCommits(
  folder: string,
  branch: string,
  files: readonly (readonly [path: string, text: string])[],
): void {
  const exists = runGit(folder, ['for-each-ref', `refs/heads/${branch}`]) !== '';
  const start = exists ? `reset refs/heads/${branch}\nfrom refs/heads/${branch}^0\n` : '';
  runGit(folder, ['fast-import', '--quiet', '--force'], start + importText(branch, files));
}

/** Every ref of a bare repository and its object id. */
export function refsOf(folder: string): Map<string, string> {
  const lines = runGit(folder, ['for-each-ref', '--format=%(refname) %(objectname)']).split('\n');
  return new Map(lines.filter((line) => line !== '').map((line) => line.split(' ') as [string, string]));
}

/** Runs git without any configuration of this machine, and returns what it prints. */
export function runGit(folder: string, args: readonly string[], input: string | Buffer = ''): string {
  return execFileSync('git', args, {
    cwd: folder,
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'Someone',
      GIT_AUTHOR_EMAIL: 'someone@example.org',
      GIT_COMMITTER_NAME: 'Someone',
      GIT_COMMITTER_EMAIL: 'someone@example.org',
    },
  });
}
