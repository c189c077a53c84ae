import { hostname } from 'node:os';
import { openStore } from '../../src/store/index.ts';
import { begin, makeFinding, put } from './make-result.ts';

/** What `kills.test.ts` starts and kills: it stores one repository after another and names each that is committed. */
async function main([home = '', place = '', from = '']: readonly string[]): Promise<void> {
  const now = new Date(0);
  const world = { home, env: {}, cwd: home, pid: process.pid, hostname: hostname(), now: () => now };
  const { db } = await openStore({ place, builtInKey: true }, world);
  const run = await begin(db, now);
  for (let number = Number(from); ; number += 1) {
    const findings = Array.from({ length: 20 }, (_, index) => makeFinding(`${number}-${index}`));
    await put(db, run, `r${number}`, { findings }, now);
    process.stdout.write(`stored ${number}\n`);
  }
}

void main(process.argv.slice(2));
