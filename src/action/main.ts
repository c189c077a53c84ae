import { appendFile, readFile } from 'node:fs/promises';
import { renderReport } from '../engine/ask/render.ts';
import { createDefaultNetwork } from '../engine/plan/network.ts';
import { scan } from '../engine/scan.ts';
import { openGit } from '../git/process/open.ts';
import { writeWhole } from '../lib/files/write-file.ts';
import { type ActionIo, runAction } from './run.ts';

declare const BOWERBIRD_VERSION: string;

/** Columns of the report in a job's log. */
const WIDTH = 120;

/** The process as the action sees it: the only place that touches `process`. */
function processIo(): ActionIo {
  const render = { color: false, width: WIDTH, showSecrets: false, verbose: false };
  return {
    env: process.env,
    readFile: (path) => readFile(path, 'utf8'),
    writeFile: async (path, text) => writeWhole(path, text),
    appendFile: (path, text) => appendFile(path, text),
    stdout: (text) => void process.stdout.write(text),
    scan: (options, cwd, env) =>
      scan(options, {
        now: () => new Date(),
        cwd,
        env,
        home: __dirname,
        version: BOWERBIRD_VERSION,
        network: createDefaultNetwork(env, BOWERBIRD_VERSION, globalThis.fetch),
        clock: () => performance.now(),
        sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
      }),
    render: (report, format, root) => renderReport(report, format, render, root),
    git: (folder, env) => openGit({ directory: folder, env, location: false, network: true }),
    send: (url, init) => fetch(url, init),
  };
}

async function main(): Promise<void> {
  process.exitCode = await runAction(processIo());
}

void main();
