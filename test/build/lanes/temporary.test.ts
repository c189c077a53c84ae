import { describe, expect, it } from 'vitest';
import { pickTemporaryFolder, type TemporaryPlaces } from '../../../src/build/lanes/temporary.ts';

const GIB = 2 ** 30;

function pick(more: Partial<TemporaryPlaces>): string {
  const mounts = 'proc /proc proc rw 0 0\ntmpfs /dev/shm tmpfs rw,nosuid,nodev 0 0\n';
  return pickTemporaryFolder({ usual: '/tmp', named: false, mounts, freeBytes: () => 8 * GIB, ...more });
}

describe('pickTemporaryFolder', () => {
  it('takes memory where there is room', () => {
    expect(pick({})).toBe('/dev/shm');
  });

  it.each<[string, Partial<TemporaryPlaces>]>([
    ['the user names a folder', { named: true }],
    ['there is little room', { freeBytes: () => 64 * 2 ** 20 }],
    ['no program may be started there', { mounts: 'shm /dev/shm tmpfs rw,nosuid,noexec 0 0' }],
    ['it cannot be written', { mounts: 'shm /dev/shm tmpfs ro 0 0' }],
    ['it is no memory', { mounts: '/dev/vda /dev/shm ext4 rw 0 0' }],
    ['it is not mounted', { mounts: 'proc /proc proc rw 0 0' }],
    ['the system has no such thing', { mounts: undefined }],
  ])('takes the usual folder where %s', (_, more) => {
    expect(pick(more)).toBe('/tmp');
  });
});
