import { chmod, lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { HOOK_STAGES } from '../flags/verbs.ts';
import { readTreeFile } from '../lib/files/tree-file.ts';
import { mayRun } from '../lib/system.ts';
import { UsageError } from '../model/errors.ts';
import { detectFramework } from './frameworks.ts';
import { findHookFolder, type HookFolder, type HookPlace } from './repository.ts';
import {
  chainedName,
  HOOK_MARK,
  type HookProgram,
  type HookStage,
  isCurrentScript,
  renderHookScript,
} from './script.ts';

const EXECUTABLE = 0o755;
/** Ours has some kilobytes; a larger file is another hook, whatever it begins with. Bytes. */
const LARGEST_HOOK = 1024 * 1024;

/** Where and what to install. */
export interface InstallOptions extends HookPlace {
  readonly stage: HookStage;
  /** Install although a hook manager or a shared hooks folder speaks against it. */
  readonly force?: boolean;
  /** The running program: what the hook runs where its PATH has none. */
  readonly program?: HookProgram;
}

/** What was done. `message` is one sentence for the user. */
export interface HookChange {
  readonly path: string;
  readonly change: 'created' | 'chained' | 'updated' | 'unchanged' | 'removed' | 'restored' | 'absent' | 'foreign';
  readonly message: string;
}

/** State of one hook. `shadowed`: a hook of ours lies where git does not look. */
export interface HookStatus {
  readonly stage: HookStage;
  readonly path: string;
  readonly state: 'installed' | 'outdated' | 'not-executable' | 'shadowed' | 'foreign' | 'absent';
  /** Another hook runs before ours. */
  readonly chained: boolean;
  readonly message: string;
}

/**
 * Installs the hook. A hook that is there is kept under another name and runs first; doing it twice changes nothing.
 * Throws `UsageError` with what to do instead where a hook manager owns the hooks, unless `force` is set.
 */
export async function installHook(options: InstallOptions): Promise<HookChange> {
  const { stage, force } = options;
  const hookFolder = await findHookFolder(options);
  if (force !== true) refuseForeignFolder(hookFolder, stage);
  const path = join(hookFolder.folder, stage);
  const text = renderHookScript(stage, isShared(hookFolder) ? undefined : options.program);
  const current = await readHook(path);
  if (current.kind === 'ours') return refresh(path, text, current);
  await mkdir(hookFolder.folder, { recursive: true });
  if (current.kind === 'foreign') await keepForeign(hookFolder.folder, stage);
  await writeScript(path, text);
  if (current.kind === 'absent') return { path, change: 'created', message: `Installed ${path}.` };
  const message = `Installed ${path}. The hook that was there is now ${chainedName(stage)} and runs first.`;
  return { path, change: 'chained', message };
}

/** A folder of the work tree is committed: paths of this machine do not belong there. */
function isShared({ root, folder }: HookFolder): boolean {
  const path = relative(root, folder);
  return !path.startsWith('..') && !isAbsolute(path) && !/^\.git(?:[\\/]|$)/.test(path);
}

function refuseForeignFolder({ root, folder, setting }: HookFolder, stage: HookStage): void {
  const framework = detectFramework(root, stage);
  if (framework !== undefined) {
    throw new UsageError(
      `${framework.name} manages the hooks of this repository (${framework.sign}). ${framework.advice}\n\n` +
        'To install beside it all the same, use --force.',
    );
  }
  if (setting === undefined || setting.scope === 'local' || setting.scope === 'worktree') return;
  throw new UsageError(
    `core.hooksPath in your ${setting.scope} git configuration is ${setting.value}: a hook in ${folder} would run in every repository. ` +
      'Use --force if that is what you want, or set it for this repository: git config core.hooksPath .git/hooks',
  );
}

interface FoundHook {
  readonly kind: 'absent' | 'ours' | 'foreign';
  readonly text: string;
  readonly executable: boolean;
}

/** A hook may be any program and a link: only a plain file that starts with our mark is ours. */
async function readHook(path: string): Promise<FoundHook> {
  const stats = await lstat(path).catch(ignoreMissing);
  if (stats === undefined) return { kind: 'absent', text: '', executable: false };
  const executable = mayRun(stats.mode);
  if (!stats.isFile()) return { kind: 'foreign', text: '', executable };
  const read = readTreeFile(path, LARGEST_HOOK);
  const text = read.state === 'read' ? read.bytes.toString('latin1') : '';
  const ours = text.split('\n', 2)[1]?.startsWith(HOOK_MARK) === true;
  return { kind: ours ? 'ours' : 'foreign', text, executable };
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}

async function refresh(path: string, text: string, current: FoundHook): Promise<HookChange> {
  if (current.text === text && current.executable) {
    return { path, change: 'unchanged', message: `${path} is installed already.` };
  }
  await writeScript(path, text);
  return { path, change: 'updated', message: `Updated ${path}.` };
}

async function keepForeign(folder: string, stage: HookStage): Promise<void> {
  const chainedPath = join(folder, chainedName(stage));
  const isTaken = (await lstat(chainedPath).catch(ignoreMissing)) !== undefined;
  if (isTaken) {
    throw new UsageError(
      `Both ${stage} and ${chainedName(stage)} are there in ${folder}. Merge them into one, then install.`,
    );
  }
  await rename(join(folder, stage), chainedPath);
}

async function writeScript(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: EXECUTABLE });
  // The mode of writeFile is for new files and passes the umask.
  await chmod(path, EXECUTABLE);
}

/** Takes our hook away and returns a kept one its name back. Leaves a hook that is not ours alone. */
export async function uninstallHook(options: HookPlace & { readonly stage: HookStage }): Promise<HookChange> {
  const { stage } = options;
  const { folder } = await findHookFolder(options);
  const path = join(folder, stage);
  const current = await readHook(path);
  if (current.kind === 'absent') return { path, change: 'absent', message: `There is no ${stage} hook.` };
  if (current.kind === 'foreign') {
    return { path, change: 'foreign', message: `${path} is not ours and was left as it is.` };
  }
  await rm(path);
  const chainedPath = join(folder, chainedName(stage));
  if ((await lstat(chainedPath).catch(ignoreMissing)) === undefined) {
    return { path, change: 'removed', message: `Removed ${path}.` };
  }
  await rename(chainedPath, path);
  return { path, change: 'restored', message: `Removed our hook; ${path} is again the one that was there before.` };
}

/** State of every hook of ours, also of one that git would not run. */
export async function hookStatus(place: HookPlace): Promise<HookStatus[]> {
  const hookFolder = await findHookFolder(place);
  return Promise.all(HOOK_STAGES.map((stage) => statusOf(hookFolder, stage)));
}

async function statusOf(hookFolder: HookFolder, stage: HookStage): Promise<HookStatus> {
  const path = join(hookFolder.folder, stage);
  const current = await readHook(path);
  const chained = (await lstat(join(hookFolder.folder, chainedName(stage))).catch(ignoreMissing)) !== undefined;
  const of = (state: HookStatus['state'], message: string): HookStatus => ({ stage, path, state, chained, message });
  if (current.kind === 'ours') {
    if (!current.executable)
      return of('not-executable', `${path} is not executable: git ignores it. Install it again.`);
    if (!isCurrentScript(current.text, stage))
      return of('outdated', `${path} is of another version. Install it again.`);
    return of('installed', `${path} is installed${chained ? ` and runs ${chainedName(stage)} first` : ''}.`);
  }
  const standard = join(hookFolder.root, '.git', 'hooks', stage);
  if (standard !== path && (await readHook(standard)).kind === 'ours') {
    const setting = hookFolder.setting?.value ?? hookFolder.folder;
    return of(
      'shadowed',
      `${standard} is ours, but core.hooksPath is ${setting}: git does not run it. Install it again.`,
    );
  }
  const framework = detectFramework(hookFolder.root, stage);
  const manager = framework === undefined ? '' : ` ${framework.name} manages the hooks (${framework.sign}).`;
  if (current.kind === 'foreign') return of('foreign', `${path} is another hook.${manager}`);
  return of('absent', `There is no ${stage} hook.${manager}`);
}
