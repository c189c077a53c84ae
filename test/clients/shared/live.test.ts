import { describe, expect, it } from 'vitest';
import type { ClientContext } from '../../../src/clients/shared/context.ts';
import { type Answer, createAsker } from '../../../src/clients/shared/live.ts';
import type { SpentLimit } from '../../../src/clients/shared/waiting.ts';

interface Server {
  readonly context: ClientContext;
  readonly log: string[];
  time: number;
}

/** A clock that only sleeping moves. */
function start(options: ClientContext['options'] = {}): Server {
  const server: Server = {
    log: [],
    time: 0,
    context: {
      now: new Date(0),
      limits: { requestTimeout: 1_000 },
      options,
      clock: () => server.time,
      sleep: async (ms) => {
        server.log.push(`sleep ${ms}`);
        server.time += ms;
      },
    },
  };
  return server;
}

function askerOf(server: Server, spent: (path: string) => SpentLimit | undefined): (path: string) => Promise<unknown> {
  return createAsker<string>(server.context, {
    provider: 'Acme',
    ask: async (path) => {
      server.log.push(path);
      return { status: 200, headers: {}, data: { path } };
    },
    limitWait: () => undefined,
    spent: ({ data }: Answer) => spent(String((data as { readonly path: string }).path)),
    limitOf: (path) => path[0] ?? '',
  });
}

describe('a limit that is used up', () => {
  it('is not asked against before it begins anew; others are', async () => {
    const server = start();
    const ask = askerOf(server, (path) => (path === 'a1' ? { limit: 'a', wait: 5_000 } : undefined));
    for (const path of ['a1', 'b1', 'a2', 'a3']) await ask(path);
    expect(server.log).toEqual(['a1', 'b1', 'sleep 5000', 'a2', 'a3']);
  });

  it('is waited for as long as is left of it, and in full without a clock', async () => {
    const server = start();
    const ask = askerOf(server, () => ({ limit: 'a', wait: 5_000 }));
    await ask('a1');
    server.time += 2_000;
    await ask('a2');
    server.time += 6_000;
    await ask('a3');
    expect(server.log).toEqual(['a1', 'sleep 3000', 'a2', 'a3']);
    const { clock: _, ...context } = server.context;
    const blind = { ...server, log: server.log, context };
    const askBlindly = askerOf(blind, () => ({ limit: 'a', wait: 7_000 }));
    await askBlindly('a4');
    server.time += 6_000;
    await askBlindly('a5');
    expect(server.log.slice(-3)).toEqual(['a4', 'sleep 7000', 'a5']);
  });

  it('ends the run where waiting would take longer than it may', async () => {
    const server = start({ 'max-wait': 4 });
    const ask = askerOf(server, () => ({ limit: 'a', wait: 5_000 }));
    await ask('a1');
    expect(await ask('a2')).toMatchObject({ state: 'failed', reason: 'rate-limited' });
    expect(await ask('b1')).toMatchObject({ state: 'failed', reason: 'rate-limited' });
    expect(server.log).toEqual(['a1']);
  });
});
