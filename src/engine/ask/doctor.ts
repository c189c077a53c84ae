import type { ProbeResult } from '../../collectors/abilities.ts';
import type { CollectContext, Collector, Permission } from '../../collectors/contract.ts';
import { collectors } from '../../collectors/index.generated.ts';
import { GitError } from '../../git/process/error.ts';
import { openGit } from '../../git/process/open.ts';
import { runGit } from '../../git/process/process.ts';
import { defined } from '../../lib/fields/defined.ts';
import { loadRe2 } from '../../lib/linear/re2.ts';
import { didYouMean } from '../../lib/text/nearest.ts';
import { UsageError } from '../../model/errors.ts';
import type { ScanContext } from '../plan/contract.ts';
import { resolveLimits } from '../plan/limits.ts';
import { resolveTargets } from '../plan/targets.ts';

/** One fact about the machine. */
export interface DoctorFact {
  readonly name: string;
  readonly state: 'ok' | 'info' | 'failed';
  readonly message: string;
}

/** What `doctor` found. `ok` is false when something asked for cannot work. */
export interface Diagnosis {
  readonly ok: boolean;
  readonly facts: readonly DoctorFact[];
  readonly collectors: readonly {
    readonly id: string;
    readonly title: string;
    readonly permissions: readonly Permission[];
  }[];
  readonly probes: readonly ProbeResult[];
}

/** Looks at the machine, names what each collector (or the one named) needs, and tries a target where one is given. */
export async function diagnose(target: string | undefined, context: ScanContext): Promise<Diagnosis> {
  const facts = [...(await gitFacts(context)), regexFact(context.home)];
  const [name = ''] = (target ?? '').split(':');
  const chosen = target === undefined ? collectors : collectors.filter((collector) => collector.id === name);
  if (target !== undefined && chosen.length === 0) throw unknownCollector(name);
  const probes = target?.includes(':') === true ? await probe(target, context) : [];
  const broken = [...facts, ...probes].some((fact) => fact.state === 'failed' || fact.state === 'denied');
  const described = chosen.map(({ id, title, permissions }) => ({ id, title, permissions }));
  return { ok: !broken, facts, collectors: described, probes };
}

function unknownCollector(name: string): UsageError {
  const ids = collectors.map((collector: Collector) => collector.id);
  return new UsageError(`There is no collector "${name}"${didYouMean(name, ids)}. Known: ${ids.join(', ')}.`);
}

async function gitFacts(context: ScanContext): Promise<DoctorFact[]> {
  try {
    const git = openGit({ directory: context.cwd, env: context.env, location: false });
    const version = (await runGit(git, ['--version'])).toString('utf8').trim();
    return [{ name: 'git', state: 'ok', message: version }];
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return [{ name: 'git', state: 'failed', message: error.message }];
  }
}

function regexFact(home: string): DoctorFact {
  const name = 'rules you write';
  if (loadRe2(home) !== undefined)
    return { name, state: 'ok', message: 'run on re2; what it cannot run, under a watchdog' };
  return {
    name,
    state: 'info',
    message:
      'run on the engine of V8 under a watchdog; patterns that take too long are run again in linear time. ' +
      'With "npm install re2@1.24.0" beside bowerbird they run on re2',
  };
}

async function probe(text: string, context: ScanContext): Promise<readonly ProbeResult[]> {
  const [target] = await resolveTargets([text], collectors, context.cwd);
  if (target === undefined) return [];
  if (target.collector.probe === undefined) {
    return [{ reads: text, state: 'ok', message: 'this collector needs no permission that could be missing' }];
  }
  return target.collector.probe(probeContext(context), target.address);
}

function probeContext(context: ScanContext): CollectContext {
  const { cwd, env, sleep } = context;
  const optional = {
    ...defined({ network: context.network, signal: context.signal }),
  };
  return { now: context.now(), cwd, env, sleep, limits: resolveLimits({}), options: {}, ...optional };
}
