import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { collectors } from '../../../collectors/index.generated.ts';
import type { CondensedText } from './condensing.ts';

/** Condenses the bytes for each collector that is named. What fails ends the thread: the first one condenses then. */
function main(port: MessagePort, bytes: Uint8Array): void {
  port.on('message', (id: string) => {
    const collector = collectors.find((known) => known.id === id);
    const text = collector?.reads === 'artifact' ? collector.condense?.(bytes) : undefined;
    const answer: CondensedText = { collector: id, text };
    port.postMessage(answer, text === undefined ? [] : ownBuffer(text));
  });
}

/** A buffer that holds nothing else is moved instead of copied. */
function ownBuffer({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

if (parentPort !== null) main(parentPort, workerData as Uint8Array);
