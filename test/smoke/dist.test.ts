import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { runInProcess } from '../cli/memory-io.ts';
import { CLI, DIST, ROOT } from '../cli/run-bowerbird.ts';
import { smokeSuite } from './suite.ts';

const bin = mkdtempSync(join(tmpdir(), 'bowerbird-bin-'));
afterAll(() => rmSync(bin, { recursive: true, force: true }));

smokeSuite(
  'dist',
  async () => {
    const program = join(bin, 'bowerbird');
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`);
    chmodSync(program, 0o755);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const library = { name: join(DIST, 'index.cjs'), from: bin };
    return { bin, action: join(DIST, 'action.cjs'), library, version };
  },
  false,
  async (args) => {
    const { code, stdout, stderr } = await runInProcess(args, { cwd: bin });
    return { code, text: stdout + stderr };
  },
);
