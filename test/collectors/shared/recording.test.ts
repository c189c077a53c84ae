import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  answerFileName,
  createDump,
  type DumpManifest,
  openDump,
  readDumpManifest,
} from '../../../src/collectors/shared/recording.ts';
import { UsageError } from '../../../src/model/errors.ts';
import { anyText } from '../../property/any-text.ts';

const MANIFEST: DumpManifest = {
  collector: 'aws',
  version: 1,
  target: 'prod',
  recordedAt: '2026-01-15T12:00:00.000Z',
};
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowerbird-recording-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function manifestError(text: string): Promise<string> {
  await writeFile(join(folder, 'dump.json'), text);
  const error: unknown = await readDumpManifest(folder).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UsageError);
  return error instanceof Error ? error.message : '';
}

describe('dump.json', () => {
  it('is read, with what may be left out', async () => {
    await writeFile(
      join(folder, 'dump.json'),
      JSON.stringify({ ...MANIFEST, facts: { token: 'app', odd: 1 }, more: true }),
    );
    expect(await readDumpManifest(folder)).toEqual({ ...MANIFEST, facts: { token: 'app' } });
  });

  it('is named in every error, with what is wrong', async () => {
    const file = join(folder, 'dump.json');
    await expect(readDumpManifest(folder)).rejects.toThrow(`${file} cannot be read`);
    expect(await manifestError('{"collector": "aws", ')).toContain(`${file} is not valid JSON`);
    expect(await manifestError('[]')).toContain(`${file} is not a JSON object`);
    expect(await manifestError('{"version": 2}')).toContain(`${file} has version 2`);
    expect(await manifestError(JSON.stringify({ ...MANIFEST, target: '' }))).toContain(`${file} lacks "target"`);
    expect(await manifestError(`"${'x'.repeat(70_000)}"`)).toContain(`${file} has 70002 bytes`);
  });

  it('never quotes the text around a mistake', async () => {
    expect(await manifestError('{"password": hunter2hunter2}')).not.toContain('hunter2');
  });
});

describe('a dump', () => {
  it('gives back what was written, and says what is not there', async () => {
    const writer = await createDump(join(folder, 'new'), MANIFEST);
    const answer = { request: 'GET /a?page=1', status: 200, next: 'GET /a?page=2', body: [{ id: 1 }, null] };
    await writer.write(answer);
    const dump = await openDump(join(folder, 'new'));
    expect(dump.manifest).toEqual(MANIFEST);
    expect(await dump.answer('GET /a?page=1')).toMatchObject({ state: 'ok', value: answer });
    expect(await dump.answer('GET /a?page=2')).toEqual({ state: 'missing' });
  });

  it('is readable by its owner only', async () => {
    await createDump(join(folder, 'new'), MANIFEST);
    if (process.platform === 'win32') return;
    expect((await stat(join(folder, 'new'))).mode & 0o077).toBe(0);
    expect((await stat(join(folder, 'new', 'dump.json'))).mode & 0o077).toBe(0);
  });

  it('is never mixed with another one', async () => {
    await writeFile(join(folder, 'old.json'), '{}');
    await expect(createDump(folder, MANIFEST)).rejects.toThrow('is not empty');
    await expect(createDump(join(folder, 'old.json'), MANIFEST)).rejects.toThrow(UsageError);
  });

  it('reads files that other tools wrote by plain name only', async () => {
    await writeFile(join(folder, 'dump.json'), JSON.stringify(MANIFEST));
    await writeFile(join(folder, 'get-account.json'), '{"Users": []}');
    await writeFile(join(folder, '..', 'outside.json'), '{}');
    const dump = await openDump(folder);
    expect(await dump.file('get-account.json')).toMatchObject({ state: 'ok', value: { Users: [] } });
    for (const name of ['../outside.json', '/etc/passwd', '.hidden', 'a/b', 'a\\b', '', 'none.json']) {
      expect(await dump.file(name)).toEqual({ state: 'missing' });
    }
    await rm(join(folder, '..', 'outside.json'));
  });

  it('reads no link, pipe, folder, or file that is too large, too deep or broken', async () => {
    await writeFile(join(folder, 'dump.json'), JSON.stringify(MANIFEST));
    await writeFile(join(folder, 'huge.json'), '');
    await truncate(join(folder, 'huge.json'), 257 * 1024 * 1024);
    await writeFile(join(folder, 'deep.json'), '['.repeat(1_000_000));
    const brackets = '['.repeat(500);
    await writeFile(join(folder, 'brackets.json'), JSON.stringify(['\\', brackets, `"${brackets}`]));
    await writeFile(join(folder, 'broken.json'), '{"a": ');
    await mkdir(join(folder, 'folder.json'));
    await symlink('/etc/passwd', join(folder, 'link.json'));
    execFileSync('/usr/bin/env', ['mkfifo', join(folder, 'pipe.json')]);
    const dump = await openDump(folder);
    for (const name of ['huge', 'deep', 'broken', 'folder', 'link', 'pipe']) {
      const read = await dump.file(`${name}.json`);
      expect(read.state, name).toBe('corrupt');
      if (read.state === 'corrupt') expect(read.message).toContain(`${name}.json`);
    }
    expect((await dump.file('brackets.json')).state).toBe('ok');
  });

  it('refuses an answer that stands under the name of another', async () => {
    await writeFile(join(folder, 'dump.json'), JSON.stringify(MANIFEST));
    const dump = await openDump(folder);
    const request = 'GET /orgs/acme';
    const body = { request: 'GET /orgs/other', status: 200, body: {} };
    await writeFile(join(folder, answerFileName(request)), JSON.stringify(body));
    expect(await dump.answer(request)).toMatchObject({ state: 'corrupt' });
    await writeFile(join(folder, answerFileName(request)), '[1, 2]');
    expect(await dump.answer(request)).toMatchObject({ state: 'corrupt' });
  });
});

describe('answerFileName', () => {
  it('gives every request its own plain name, whatever is in it', () => {
    const request = fc.oneof(fc.string(), anyText(), fc.constantFrom('../..', 'GET /', 'CON', '\0'));
    fc.assert(
      fc.property(request, request, (a, b) => {
        expect(answerFileName(a)).toMatch(/^[a-z0-9-]{1,140}\.json$/);
        if (a !== b) expect(answerFileName(a)).not.toBe(answerFileName(b));
      }),
    );
    expect(answerFileName('GET /A')).not.toBe(answerFileName('GET /a'));
  });
});
