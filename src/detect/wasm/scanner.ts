import type { Automaton } from '../automaton/build.ts';
import type { HitList } from '../automaton/hits.ts';
import { scanPlain, warmUp } from '../automaton/scan-plain.ts';
import type { Scanner } from '../automaton/scanner.ts';
import { findWasmRuntime } from './runtime.ts';
import { assembleScanModule, LANES, type MemoryMap } from './scan-module.ts';

const PAGE = 64 * 1024;
/** Text that lies in the module's memory at a time: small enough to stay in the processor's cache. */
const TEXT_BYTES = 256 * 1024;
const HIT_BYTES = 64 * 1024;
/**
 * Memory for file readers: a file that fits is read here and never copied. The system provides pages only when they are
 * written.
 */
const ROOM_BYTES = 4 * 1024 * 1024;
/** Texts shorter than this are not worth four lanes, bytes. */
const SHORT = 512;
const CLASSES_AT = 0;
const STATES_AT = 512;
const HITS_AT = 1024;

type Scan = (text: number, laneLength: number, from: number) => number;

/**
 * The automaton in WebAssembly: four lanes, memory of fixed size. Throws when WebAssembly or the memory is not
 * available; the caller then uses the TypeScript scanner.
 */
export function createWasmScanner(
  automaton: Automaton,
  textBytes: number = TEXT_BYTES,
  roomBytes: number = ROOM_BYTES,
): Scanner {
  const memory = layOut(automaton, textBytes, roomBytes);
  const runtime = findWasmRuntime();
  const module = new runtime.Module(assembleScanModule({ memory, ...automaton }));
  const { exports } = new runtime.Instance(module);
  const { buffer } = exports['memory'] as { readonly buffer: ArrayBuffer };
  const classes = new Uint16Array(buffer, memory.classes, 256);
  for (const [byte, byteClass] of automaton.classes.entries()) classes[byte] = byteClass * 2;
  new Uint16Array(buffer, memory.table, automaton.table.length).set(automaton.table);
  const room: Room = {
    scan: exports['scan'] as Scan,
    map: memory,
    text: new Uint8Array(buffer, memory.text, textBytes),
    states: new Uint32Array(buffer, memory.states, LANES + 1),
    hits: new Uint32Array(buffer, memory.hits, HIT_BYTES / 4),
  };
  return {
    room: new Uint8Array(buffer, memory.room, roomBytes),
    scan: (bytes, from, to, hits) => scanChunks(automaton, room, bytes, from, to, hits),
  };
}

interface Room {
  readonly scan: Scan;
  readonly map: MemoryMap;
  readonly text: Uint8Array;
  readonly states: Uint32Array;
  readonly hits: Uint32Array;
}

interface Layout extends MemoryMap {
  /**
   * Start of the memory for file readers. It is apart from `text`, so that decoded text can be scanned while a file
   * lies here.
   */
  readonly room: number;
}

/** The table starts after the space of its missing rows, so that offsets never become negative. */
function layOut(automaton: Automaton, textBytes: number, roomBytes: number): Layout {
  const text = HITS_AT + HIT_BYTES;
  const rowBytes = 2 << automaton.shift;
  const table = Math.max(Math.ceil((text + textBytes) / 64) * 64, automaton.base * rowBytes);
  const room = Math.ceil((table + automaton.table.byteLength) / PAGE) * PAGE;
  const pages = Math.ceil((room + roomBytes) / PAGE);
  const hitsEnd = HITS_AT + HIT_BYTES;
  return { classes: CLASSES_AT, states: STATES_AT, hits: HITS_AT, hitsEnd, text, table, room, pages };
}

function scanChunks(
  automaton: Automaton,
  room: Room,
  bytes: Uint8Array,
  from: number,
  to: number,
  hits: HitList,
): void {
  let at = from;
  while (at < to) {
    const end = Math.min(to, at + room.text.length);
    if (end - at < SHORT) scanPlain(automaton, bytes, at, end, hits);
    else scanChunk(automaton, room, bytes, at, end, hits);
    at = end;
  }
}

function scanChunk(automaton: Automaton, room: Room, bytes: Uint8Array, from: number, to: number, hits: HitList): void {
  const laneLength = ((to - from) >>> 4) << 2;
  const text = placeInMemory(room, bytes, from, to);
  for (let lane = 0; lane < LANES; lane++) room.states[lane] = warmUp(automaton, bytes, from + lane * laneLength);
  let done = 0;
  while (done < laneLength) {
    done = room.scan(text, laneLength, done);
    const count = ((room.states[LANES] as number) - room.map.hits) >>> 2;
    hits.addAll(room.hits, count, from);
  }
  scanPlain(automaton, bytes, from + LANES * laneLength, to, hits);
}

/** Bytes that were read into the memory are scanned where they lie; others are copied in. */
function placeInMemory(room: Room, bytes: Uint8Array, from: number, to: number): number {
  if (bytes.buffer === room.text.buffer) return bytes.byteOffset + from;
  room.text.set(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
  return room.map.text;
}
