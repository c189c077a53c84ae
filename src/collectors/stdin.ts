import type { Address } from '../model/address.ts';
import { type CollectContext, type Collected, defineCollector } from './contract.ts';

const SCOPE = 'input';
const PATH = 'stdin';

/** Reads standard input as one text, up to the file size limit. What comes after the limit is a gap. */
export default defineCollector({
  id: 'stdin',
  title: 'Standard input',
  reads: 'address',
  scheme: 'stdin',
  network: false,
  permissions: [],
  collect,
});

async function* collect(context: CollectContext, _address: Address): AsyncGenerator<Collected> {
  yield { kind: 'plan', scope: SCOPE, unit: 'texts', count: 1 };
  const { bytes, whole } = await readInput(context);
  if (!whole) {
    const message = `standard input is longer than ${context.limits.fileBytes} bytes; the rest was not scanned (--max-file-size)`;
    yield { kind: 'gap', scope: SCOPE, gap: { reason: 'too-large', subject: PATH, message, scope: true } };
  }
  if (bytes.length === 0) {
    const gap = { reason: 'nothing-planned', subject: PATH, message: 'standard input is empty', scope: true } as const;
    yield { kind: 'gap', scope: SCOPE, gap };
    yield { kind: 'skip', scope: SCOPE, skip: { reason: 'empty', subject: PATH } };
    return;
  }
  const origin = { collector: 'stdin', path: PATH, part: 'text', present: true } as const;
  yield { kind: 'artifact', scope: SCOPE, artifact: { origin, bytes } };
}

async function readInput(context: CollectContext): Promise<{ readonly bytes: Buffer; readonly whole: boolean }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of context.stdin ?? []) {
    const bytesLeft = context.limits.fileBytes - length;
    parts.push(part.subarray(0, bytesLeft));
    length += Math.min(part.length, bytesLeft);
    if (part.length > bytesLeft) return { bytes: Buffer.concat(parts), whole: false };
  }
  return { bytes: Buffer.concat(parts), whole: true };
}
