import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';
import { openStore } from '../../src/store/index.ts';
import { loadPGlite } from '../../src/store/pglite/load.ts';
import { parsePlace } from '../../src/store/place.ts';

const world = { home: '/nowhere', env: {}, cwd: '/tmp', pid: process.pid, hostname: 'h', now: () => new Date(0) };

describe('the place of a store', () => {
  it('is a folder or a server', () => {
    expect(parsePlace('night', '/work')).toEqual({ kind: 'folder', folder: resolve('/work/night') });
    expect(parsePlace('/var/lib/bowerbird', '/work')).toEqual({
      kind: 'folder',
      folder: resolve('/var/lib/bowerbird'),
    });
    for (const address of [
      'postgres://me@db.example:5432/night',
      'postgresql://db.example/night?sslmode=verify-full',
      'postgres:///night?host=/var/run/postgresql',
    ])
      expect(parsePlace(address, '/work')).toEqual({ kind: 'server', address });
  });

  it('holds no password, and says what to write without it', () => {
    for (const address of [
      'postgres://me:hunter2@db.example/night',
      'postgres://me@db.example/night?password=hunter2',
      'POSTGRES://me@db.example/night?sslpassword=hunter2&x=1',
    ]) {
      const refuse = (): unknown => parsePlace(address, '/work');
      expect(refuse).toThrow(UsageError);
      expect(refuse).toThrow(/postgres:\/\/me@db\.example\/night, and give the password in the variable PGPASSWORD/i);
      expect(refuse, 'the message must not repeat it').not.toThrow(/hunter2/);
    }
    expect(() => parsePlace('postgres://me:hun ter2@', '/work')).not.toThrow(/hun/);
  });

  it('is refused with what to write instead where it is something else', () => {
    expect(() => parsePlace(' ', '/work')).toThrow('--store is empty');
    expect(() => parsePlace('mysql://db/night', '/work')).toThrow('begins with postgres://');
    expect(() => parsePlace('postgres://me@db.example', '/work')).toThrow('names no database');
    expect(() => parsePlace('postgres:night', '/work')).toThrow('no valid address');
  });

  it('needs a fingerprint key of the user where it is shared', async () => {
    const shared = openStore({ place: 'postgres://127.0.0.1:1/night', builtInKey: true }, world);
    await expect(shared).rejects.toThrow('BOWERBIRD_FINGERPRINT_KEY');
  });

  it('says how a server can be reached that does not answer', async () => {
    const away = openStore({ place: 'postgres://me@127.0.0.1:1/night', builtInKey: false }, world);
    await expect(away).rejects.toThrow('postgres://me@127.0.0.1:1/night does not answer (ECONNREFUSED)');
  });

  it('names the command that installs PGlite where it is missing', async () => {
    expect(() => loadPGlite('/nowhere')).toThrow('Run "npm install @electric-sql/pglite@0.5.17"');
    expect(() => loadPGlite('/nowhere')).toThrow('--store postgres://');
  });
});
