import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compilePack } from '../detect/fast/compile-pack.ts';
import { digestRule } from '../detect/fast/pack.ts';
import { serialisePack } from '../detect/fast/serialise.ts';
import { knownNames } from '../engine/plan/known-names.ts';
import { ConfigError } from '../model/errors.ts';
import { readRules } from '../model/rule-head.ts';
import { CATALOGUE_FILE } from '../ruleset/catalogue/builtin.ts';
import { loadCatalogue, serialiseCatalogue, serialiseExamples } from '../ruleset/index.ts';
import { checkBudget } from './budget/check.ts';
import { makeCorpus } from './budget/corpus.ts';
import { writeDeclarations } from './bundle/declarations.ts';
import { buildFronts } from './bundle/fronts.ts';
import { collectLicenses } from './bundle/licenses.ts';
import { Vendors } from './bundle/vendor.ts';
import { readVersion } from './version.ts';

const EXECUTABLE = 0o755;

/** Asked only where something looks like a secret. */
const CHECKS = 'src/detect/checks/index.generated.ts';

/** Sources that few runs need: the name of their part in `dist/`, and why they wait. */
const LATE = {
  // Half a megabyte that only the reader of a policy needs.
  'aws-tables': 'src/permissions/aws/tables.ts',
  // What `doctor` lists.
  'aws-endpoints': 'src/collectors/aws/endpoints.ts',
  'github-permissions': 'src/collectors/github/permissions.ts',
  // Of a manifest that is larger than most repositories.
  'kubernetes-condense': 'src/collectors/kubernetes/condense.ts',
  'mesh-condense': 'src/collectors/service-mesh/condense.ts',
};

/**
 * Sources that lie in the file that every start reads, and wait there: scans of folders and histories need them at
 * once, a commit hardly ever.
 */
const WAITING = {
  'git-process': 'src/git/process/process.ts',
  'cat-file': 'src/git/objects/cat-file.ts',
  'list-objects': 'src/git/objects/list-objects.ts',
  'tree-size': 'src/git/objects/tree-size.ts',
  'gitleaks-files': 'src/config/legacy/gitleaks.ts',
  'detect-secrets-files': 'src/config/legacy/detect-secrets.ts',
  'read-zip': 'src/decoders/readers/zip.ts',
  'read-tar': 'src/decoders/readers/tar.ts',
  unpack: 'src/decoders/shared/unpack.ts',
  // Asked about paths with one of the marks of their collectors.
  'agent-files': 'src/collectors/mcp/files.ts',
  'ansible-names': 'src/collectors/ansible/names.ts',
  'cloud-client-names': 'src/collectors/cloud-clients/names.ts',
  'container-kinds': 'src/collectors/containers/kinds.ts',
  'database-client-names': 'src/collectors/database-clients/names.ts',
  'encrypted-store-kinds': 'src/collectors/encrypted-stores/kinds.ts',
  'manifest-kinds': 'src/collectors/app-manifests/kinds.ts',
  'mesh-kinds': 'src/collectors/service-mesh/kinds.ts',
  'package-auth-names': 'src/collectors/package-auth/names.ts',
};

/** What is started or imported: its name in `dist/` and where its source begins. */
const FRONTS = {
  entryPoints: {
    cli: 'src/cli/start/main.ts',
    action: 'src/action/main.ts',
    index: 'src/index.ts',
    worker: 'src/engine/gather/parallel/worker.ts',
    condense: 'src/engine/gather/parallel/condense-thread.ts',
    // No fronts: they get parts of their own, which `late` needs.
    ...LATE,
    ...WAITING,
  },
  commands: new Set(['cli']),
  bundles: {
    start: ['src/cli/commands/scan.ts', 'src/cli/commands/hook-run.ts', ...Object.values(WAITING)],
    checks: [CHECKS],
    found: [
      'src/engine/judge/findings.ts',
      'src/reporters/brief.ts',
      'src/reporters/human.ts',
      'src/reporters/json.ts',
    ],
    // Not for a commit: the parser of flags, and what reads a history.
    parser: ['src/cli/run.ts'],
    history: [
      'src/collectors/git/history.ts',
      'src/collectors/git/incremental.ts',
      'src/engine/gather/incremental/open-runs.ts',
    ],
  },
  late: [CHECKS, ...Object.values(LATE), ...Object.values(WAITING)],
};

/** Name of a folder in `dist/` where a build is made before it takes the place of the last one. */
const STAGE = '.next-';

/**
 * Builds `dist/`: one bundle per front, the library with its types, and the compiled rules. The last build stays in
 * place until the new one is whole, so a failed build breaks nothing and a running command is not pulled away.
 */
export async function run(root: string, _args: readonly string[]): Promise<number> {
  const dist = join(root, 'dist');
  const stage = join(dist, `${STAGE}${process.pid}`);
  await mkdir(stage, { recursive: true });
  try {
    await buildInto(root, stage);
    await replaceContent(dist, stage);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
  return 0;
}

async function buildInto(root: string, folder: string): Promise<void> {
  const version = await readVersion(root);
  const vendors = new Vendors();
  const plugins = [vendors.plugin()];
  const metafiles = [await buildFronts(root, folder, { ...FRONTS, version, plugins })];
  metafiles.push(...(await vendors.write(root, folder)));
  await chmod(join(folder, 'cli.cjs'), EXECUTABLE);
  await writeDeclarations(root, 'src/index.ts', join(folder, 'types'));
  await writeRules(root, folder);
  await writeFile(join(folder, 'licenses.txt'), await collectLicenses(root, metafiles));
}

/** Moves everything in `stage` to `dist` and takes out what is not of this build. */
async function replaceContent(dist: string, stage: string): Promise<void> {
  const built = await readdir(stage, { withFileTypes: true });
  for (const entry of built) {
    const target = join(dist, entry.name);
    if (entry.isDirectory()) await rm(target, { recursive: true, force: true });
    await rename(join(stage, entry.name), target);
  }
  const names = new Set(built.map((entry) => entry.name));
  for (const name of await readdir(dist)) {
    if (!names.has(name) && !name.startsWith(STAGE)) await rm(join(dist, name), { recursive: true, force: true });
  }
}

async function writeRules(root: string, folder: string): Promise<void> {
  const catalogue = await loadCatalogue({ builtinDir: join(root, 'rules'), known: knownNames() });
  await writeFile(join(folder, CATALOGUE_FILE), serialiseCatalogue(catalogue, digestRule));
  await writeFile(join(folder, 'examples.json'), serialiseExamples(catalogue));
  const rules = readRules(catalogue.detection);
  const pack = await compilePack(rules);
  const over = await checkBudget(rules, pack, makeCorpus(root));
  if (over.length > 0) throw new ConfigError(`Rules cost more than their budget:\n${over.join('\n')}`);
  await writeFile(join(folder, 'rules.pack'), serialisePack(pack));
}
