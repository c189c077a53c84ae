import { describe, expect, it } from 'vitest';
import { DiskWatch, IN_FLIGHT, ReadAhead } from '../../../src/collectors/files/ahead.ts';

/** A disk whose fetches end when the test says so. */
function makeDisk() {
  const under: { place: string; end: () => void }[] = [];
  const log = { most: 0, fetched: [] as string[], scratch: new Set<Buffer>() };
  const warm = (place: string | Buffer, scratch: Buffer): Promise<void> => {
    expect(log.scratch.has(scratch)).toBe(false);
    log.scratch.add(scratch);
    log.fetched.push(String(place));
    return new Promise((resolve) => {
      const end = (): void => {
        log.scratch.delete(scratch);
        under.splice(under.indexOf(entry), 1);
        resolve();
      };
      const entry = { place: String(place), end };
      under.push(entry);
      log.most = Math.max(log.most, under.length);
    });
  };
  return { warm, under, log };
}

const PLACES = Array.from({ length: 100 }, (_, at) => `f${at}`);

describe('ReadAhead', () => {
  it('fetches each file once, in order, never more than a number at once', async () => {
    const { warm, under, log } = makeDisk();
    const ahead = new ReadAhead(PLACES, 10, warm);
    for (let at = 10; at < PLACES.length; at += 1) {
      const waiting = ahead.ready(at);
      // The newest first: the order in which a disk answers must not matter.
      while (under.some(({ place }) => place === PLACES[at])) {
        under.at(-1)?.end();
        await Promise.resolve();
      }
      await waiting;
    }
    expect(log.fetched).toEqual(PLACES.slice(10));
    expect(log.most).toBe(IN_FLIGHT);
  });

  it('leaves out what is not to be fetched', async () => {
    const { warm, under, log } = makeDisk();
    const ahead = new ReadAhead(['a', undefined, undefined, 'b', undefined], 0, warm);
    for (const one of [...under]) one.end();
    for (let at = 0; at < 5; at += 1) await ahead.ready(at);
    expect(log.fetched).toEqual(['a', 'b']);
  });

  it('fetches nothing more once it is stopped, and waits for what is under way', async () => {
    const { warm, under, log } = makeDisk();
    const ahead = new ReadAhead(PLACES, 0, warm);
    let stopped = false;
    const stop = ahead.stop().then(() => {
      stopped = true;
    });
    for (const one of [...under]) {
      expect(stopped).toBe(false);
      one.end();
      await Promise.resolve();
    }
    await stop;
    expect(log.fetched).toEqual(PLACES.slice(0, IN_FLIGHT));
  });

  it('reads real files, and is not stopped by what is not there', async () => {
    const places = ['/nowhere', import.meta.filename, Buffer.from('/nowhere/either'), '/'];
    const ahead = new ReadAhead(places, 0);
    for (const at of places.keys()) await ahead.ready(at);
    await expect(ahead.stop()).resolves.toBeUndefined();
  });
});

describe('DiskWatch', () => {
  const notes = (watch: DiskWatch, times: readonly number[], bytes = 1000): boolean => {
    for (const took of times) watch.noteRead(took, bytes);
    return watch.isSlow;
  };
  const many = (count: number, took: number): number[] => Array.from({ length: count }, () => took);

  it('calls a disk slow when half of sixteen reads are', () => {
    expect(notes(new DiskWatch(), many(16, 0.01))).toBe(false);
    expect(notes(new DiskWatch(), many(15, 5))).toBe(false);
    expect(notes(new DiskWatch(), many(16, 5))).toBe(true);
    expect(notes(new DiskWatch(), [...many(7, 500), ...many(9, 0.02)])).toBe(false);
  });

  it('lets large files take their time', () => {
    expect(notes(new DiskWatch(), many(16, 3), 4_000_000)).toBe(false);
    expect(notes(new DiskWatch(), many(16, 30), 4_000_000)).toBe(true);
  });

  it('looks again after a while', () => {
    const watch = new DiskWatch();
    notes(watch, many(16, 5));
    for (const took of many(2047, 1)) watch.noteWait(took);
    expect(watch.isSlow).toBe(true);
    watch.noteWait(1);
    expect(watch.isSlow).toBe(false);
    expect(notes(watch, many(16, 5))).toBe(true);
  });

  it('gives fetching ahead up for good where it is no faster', () => {
    const watch = new DiskWatch();
    notes(watch, many(16, 5));
    for (const took of many(64, 4)) watch.noteWait(took);
    expect(watch.isSlow).toBe(false);
    expect(notes(watch, many(160, 5))).toBe(false);
  });
});
