/**
 * A process that has loaded what `dist/cli.cjs` runs, and runs one command line after the other. `run-either.ts` starts
 * it and sends `{ id, args, cwd, env, input }`; it answers `{ id, code, stdout, stderr }`, or `{ id, error }`.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** A user looks at no terminal here, and lines are as long as in a pipe. */
const WIDTH = 100;
const VERSION = '0.0.0-test';

const cli = process.argv[2];

/** What `dist/cli.cjs` imports lazily under a name. It is no export of the package, so its file has no fixed name. */
function readBuilt(name) {
  const lazyImport = new RegExp(
    `\\{${name}:\\w+\\}=await Promise\\.resolve\\(\\)\\.then\\(\\(\\)=>(?:require|findBundle)\\("([^"]+)"\\)(?:\\("([^"]+)"\\))?\\)`,
  );
  const [, file, part] = lazyImport.exec(readFileSync(cli, 'utf8')) ?? [];
  if (file === undefined) throw new Error(`${cli} imports no ${name}: was it built?`);
  const exported = createRequire(cli)(part === undefined ? file : `./${file}`);
  return (part === undefined ? exported : exported(part))[name];
}

async function run({ args, cwd, env, input }) {
  const [stdout, stderr] = [[], []];
  const code = await readBuilt('runCli')(args, {
    cwd,
    env,
    stdin: (async function* () {
      yield Buffer.from(input ?? '');
    })(),
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    width: WIDTH,
    home: dirname(cli),
    execPath: process.execPath,
    version: VERSION,
    now: () => new Date(),
    clock: () => performance.now(),
    network: readBuilt('createDefaultNetwork')(env, VERSION, fetch),
    stdout: (text) => void stdout.push(text),
    stderr: (text) => void stderr.push(text),
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
  });
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

process.on('message', async ({ id, ...asked }) => {
  const answer = await run(asked).catch((error) => ({ error: error instanceof Error ? error.stack : String(error) }));
  process.send({ id, ...answer });
});
process.on('disconnect', () => process.exit());
