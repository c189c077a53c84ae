import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a receiver saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver answers: a status with a body, nothing at all, or a connection that breaks. */
export type Reply =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'slow'
  | 'cut';

export interface Receiving {
  readonly origin: string;
  readonly seen: Seen[];
  close(): Promise<void>;
}

/** A receiver on loopback. */
export async function startReceiver(reply: (seen: Seen, count: number) => Reply): Promise<Receiving> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const now = { method, path: url, headers, body: Buffer.concat(parts).toString('utf8') };
      seen.push(now);
      const answer = reply(now, seen.length);
      if (answer === 'slow') return;
      if (answer === 'cut') return void request.socket.destroy();
      response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
