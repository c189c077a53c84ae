import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeWhole } from '../../../src/lib/files/write-file.ts';
import { temporaryFolder } from '../../collectors/shared-git.ts';

describe('writeWhole', () => {
  it('writes what comes in pieces', () => {
    const folder = temporaryFolder();
    writeWhole(join(folder, 'a'), (put) => {
      for (let at = 0; at < 3; at += 1) put(`piece ${at}\n`);
    });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('piece 0\npiece 1\npiece 2\n');
  });

  it('leaves the earlier file, and no part of the new one, where the content fails half-way', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a'), 'earlier');
    const fail = (put: (piece: string) => void): void => {
      put('half');
      throw new Error('failed');
    };
    expect(() => writeWhole(join(folder, 'a'), fail)).toThrow('failed');
    expect(readdirSync(folder)).toEqual(['a']);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('earlier');
  });
});
