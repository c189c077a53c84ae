import { resolve } from 'node:path';
import { EXIT } from '../engine/judge/summary.ts';
import type { ScanOptions } from '../engine/plan/contract.ts';
import { GitError } from '../git/process/error.ts';
import type { Git } from '../git/process/open.ts';
import { defined } from '../lib/fields/defined.ts';
import { explainLinkAbove } from '../lib/files/link-above.ts';
import { ConfigError, ProviderError, UsageError } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import { type ResolvedPlan, resolvePlan, withToken } from './commits.ts';
import { type ActionEvent, readEvent } from './event.ts';
import { type ActionInputs, type Environment, readInputs } from './inputs.ts';
import { formatCommand, formatOutputs, type StepOutputs } from './outputs.ts';
import { type ActionPlan, HISTORY, planFromEvent } from './plan.ts';
import { type Send, uploadSarif } from './upload.ts';

/** Everything the action may touch. `main.ts` gives the real ones. */
export interface ActionIo {
  readonly env: Environment;
  readFile(path: string): Promise<string>;
  writeFile(path: string, text: string): Promise<void>;
  appendFile(path: string, text: string): Promise<void>;
  stdout(text: string): void;
  /** Scans with `cwd` as the working directory. `env` has the credentials that git may need. */
  scan(options: ScanOptions, cwd: string, env: Environment): Promise<Report>;
  render(report: Report, format: string, root: string): Promise<string>;
  /** Git with network in a folder. */
  git(folder: string, env: Environment): Git;
  send: Send;
}

interface Run {
  readonly io: ActionIo;
  readonly inputs: ActionInputs;
  readonly event: ActionEvent;
  readonly plan: ActionPlan;
  /** The checked-out repository. */
  readonly root: string;
  /** The environment for git: with the token. */
  readonly env: Environment;
  /** Formats that failed: what they would have shown is missing. */
  readonly broken: Set<string>;
}

/** Runs the action and returns the exit code of the step. Never throws: what a user can fix is one annotation. */
export async function runAction(io: ActionIo): Promise<number> {
  try {
    return await runSteps(await prepare(io));
  } catch (error) {
    io.stdout(formatCommand('error', explain(error)));
    const code = error instanceof UsageError || error instanceof ConfigError ? EXIT.usage : EXIT.bug;
    await writeOutputs(io, { 'exit-code': code, state: 'failed' });
    return code;
  }
}

function explain(error: unknown): string {
  if (error instanceof UsageError || error instanceof ConfigError || error instanceof ProviderError)
    return error.message;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `This is a bug in Bowerbird. Please report it with the lines below (they hold no secret values).\n${stack}`;
}

async function prepare(io: ActionIo): Promise<Run> {
  const inputs = readInputs(io.env);
  const event = readEvent(io.env, await readPayload(io));
  const plan = planFromEvent(event, inputs);
  const root = resolve(io.env['GITHUB_WORKSPACE'] ?? '.', inputs.path);
  const env = withToken(io.env, io.env['GITHUB_SERVER_URL'] ?? 'https://github.com', inputs.token);
  return { io, inputs, event, plan, root, env, broken: new Set() };
}

async function readPayload(io: ActionIo): Promise<unknown> {
  const path = io.env['GITHUB_EVENT_PATH'];
  if (path === undefined || path === '') return {};
  const text = await io.readFile(path).catch(() => {
    throw new UsageError(`The event file ${path} cannot be read. The action must run in a GitHub Actions job.`);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`The event file ${path} is not JSON.`);
  }
}

async function runSteps(run: Run): Promise<number> {
  const { io, plan } = run;
  if (plan.kind === 'nothing') {
    for (const note of plan.notes) io.stdout(formatCommand('notice', note));
    await writeOutputs(io, { 'findings-count': 0, 'new-findings-count': 0, 'exit-code': 0, state: 'clean' });
    return EXIT.clean;
  }
  const { historyState } = run.inputs;
  if (historyState !== undefined) refuseLinks(run, `The state ${historyState}`, resolve(run.root, historyState));
  const resolved = await resolveCommits(run);
  const report = await io.scan(scanOptions(run, resolved), run.root, run.env);
  for (const note of resolved.notes) io.stdout(formatCommand('notice', note));
  await publish(run, report);
  const files = await writeReports(run, resolved, report);
  const uploaded = await tryUpload(run, files.sarifReport);
  await comment(run, report);
  const exitCode = run.broken.size > 0 ? EXIT.incomplete : stepExit(run.inputs, report, uploaded.failed);
  await writeOutputs(io, {
    ...reportOutputs(report),
    ...files.outputs,
    'sarif-id': uploaded.id,
    'exit-code': exitCode,
  });
  return exitCode;
}

/** A missing checkout is the most common mistake: it gets its own words. */
async function resolveCommits({ io, plan, root, env }: Run): Promise<ResolvedPlan> {
  try {
    return await resolvePlan(io.git(root, env), plan);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const advice = error.failure === 'not-a-repository' ? ' Put "uses: actions/checkout" before this step.' : '';
    throw new UsageError(`${root}: ${error.message}.${advice}`);
  }
}

/** Options of the engine for a plan. */
function scanOptions({ inputs, event }: Run, resolved: Pick<ResolvedPlan, 'targets' | 'policyRef'>): ScanOptions {
  const { failOn, baseline, config, pack, exclude, allowGaps, requireCoverage, verify, historyState } = inputs;
  const remembers = historyState !== undefined && resolved.targets.includes(HISTORY);
  return {
    targets: resolved.targets,
    requireCoverage,
    verify,
    exclude,
    collectors: { range: { deepen: true } },
    ...defined({ policyRef: resolved.policyRef }),
    ...(failOn === undefined || failOn === 'never' ? {} : { failOn }),
    ...defined({ baseline, config, pack, allowGaps }),
    ...(remembers ? { incremental: true, state: historyState } : {}),
    ...defined({ exposure: event.exposure }),
  };
}

/** Renders a report. A format that fails costs the others nothing: it is said, and the step is incomplete. */
async function tryRender({ io, root, broken }: Run, report: Report, format: string): Promise<string | undefined> {
  try {
    return await io.render(report, format, root);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    io.stdout(formatCommand('error', error.message));
    broken.add(format);
    return undefined;
  }
}

/** Annotations and the whole text in the log, the summary on the page of the run. */
async function publish(run: Run, report: Report): Promise<void> {
  const { io, inputs } = run;
  io.stdout(`::group::Bowerbird report\n${(await tryRender(run, report, 'human')) ?? ''}::endgroup::\n`);
  if (inputs.annotations) io.stdout((await tryRender(run, report, 'github')) ?? '');
  const summary = io.env['GITHUB_STEP_SUMMARY'];
  if (inputs.summary && summary) await io.appendFile(summary, (await tryRender(run, report, 'markdown')) ?? '');
}

interface WrittenReports {
  readonly outputs: StepOutputs;
  /** The report that SARIF is made of; absent where nobody wants SARIF. */
  readonly sarifReport?: Report;
}

async function writeReports(run: Run, resolved: ResolvedPlan, report: Report): Promise<WrittenReports> {
  const { reportJson, reportSarif } = run.inputs;
  const outputs: Record<string, string> = { 'json-file': '', 'sarif-file': '' };
  if (reportJson !== undefined) outputs['json-file'] = await writeReport(run, reportJson, report, 'json');
  if (reportSarif === undefined && !wantsUpload(run)) return { outputs };
  const sarifReport = await reportForSarif(run, resolved, report);
  if (reportSarif !== undefined) outputs['sarif-file'] = await writeReport(run, reportSarif, sarifReport, 'sarif');
  return { outputs, sarifReport };
}

/**
 * Code scanning takes a result set as the whole truth about a commit: findings that are missing count as fixed. So a
 * run that only looked at changes is not the right content; the tree is scanned for it where the tree is the code under
 * test.
 */
async function reportForSarif(run: Run, resolved: ResolvedPlan, report: Report): Promise<Report> {
  if (run.plan.kind !== 'range' || !run.plan.treeIsHead || resolved.targets.includes('.')) return report;
  return run.io.scan(scanOptions(run, { ...resolved, targets: ['.'] }), run.root, run.env);
}

/** A checkout may bring a folder that is a link to anywhere. Throws `UsageError`. */
function refuseLinks({ io, root }: Run, what: string, path: string): void {
  const reason = explainLinkAbove(path, [io.env['GITHUB_WORKSPACE'] ?? root, root]);
  if (reason !== undefined) throw new UsageError(`${what} cannot be written: ${reason}`);
}

/** Returns the path that was written, or nothing where the format failed. */
async function writeReport(run: Run, file: string, report: Report, format: string): Promise<string> {
  const path = resolve(run.root, file);
  refuseLinks(run, `The report ${file}`, path);
  const text = await tryRender(run, report, format);
  if (text === undefined) return '';
  try {
    await run.io.writeFile(path, text);
  } catch (cause) {
    throw new UsageError(`The report ${file} cannot be written: ${cause instanceof Error ? cause.message : ''}`);
  }
  return path;
}

/** A comment never changes the exit code. Loaded lazily: most events have no pull request. */
async function comment({ io, inputs, event }: Run, report: Report): Promise<void> {
  if (inputs.comment === 'never' || event.pullRequest === undefined) return;
  const { keepComment } = await import('./comment/index.ts');
  const { path: folder, token } = inputs;
  const notice = await keepComment({ event, report, folder, token, env: io.env, send: io.send });
  if (notice !== undefined) io.stdout(formatCommand('notice', notice));
}

function wantsUpload({ inputs, plan }: Run): boolean {
  return inputs.uploadSarif && plan.noUpload === undefined;
}

async function tryUpload(
  run: Run,
  report: Report | undefined,
): Promise<{ readonly id: string; readonly failed: boolean }> {
  const { io, inputs, plan } = run;
  if (!inputs.uploadSarif) return { id: '', failed: false };
  const reason = plan.noUpload ?? incompleteReason(report);
  if (reason !== undefined || report === undefined) {
    io.stdout(formatCommand('notice', `SARIF was not uploaded: ${reason ?? 'there is no report'}.`));
    return { id: '', failed: false };
  }
  const sarif = await tryRender(run, report, 'sarif');
  if (sarif === undefined) return { id: '', failed: true };
  try {
    return { id: await uploadReport(run, sarif, report.run.started), failed: false };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    io.stdout(formatCommand('error', error.message));
    return { id: '', failed: true };
  }
}

/** Results of a scan that missed a whole scope would close the alerts of that scope. */
function incompleteReason(report: Report | undefined): string | undefined {
  const failed = report?.coverage.find((line) => line.state === 'failed');
  if (failed !== undefined) return `${failed.target} ${failed.scope} was not read, so its alerts would count as fixed`;
  return report?.coverage.length === 0 ? 'nothing was scanned' : undefined;
}

async function uploadReport({ io, inputs, event }: Run, sarif: string, startedAt: string): Promise<string> {
  const { token } = inputs;
  if (token === undefined) throw new ProviderError('SARIF was not uploaded: the input "token" is empty.');
  const api = io.env['GITHUB_API_URL'] ?? 'https://api.github.com';
  const { repository, ref, sha } = event;
  return uploadSarif({ api, repository, ref, sha, token, sarif, startedAt }, io.send);
}

/** The engine's code; `fail-on: never` forgives findings only; a failed upload is wrong configuration. */
function stepExit(inputs: ActionInputs, report: Report, uploadFailed: boolean): number {
  const { exitCode } = report.summary;
  const forgiven = inputs.failOn === 'never' && exitCode === EXIT.findings ? EXIT.clean : exitCode;
  return forgiven === EXIT.clean && uploadFailed ? EXIT.usage : forgiven;
}

function reportOutputs(report: Report): StepOutputs {
  const real = report.findings.filter((finding) => finding.kind === 'posture' || finding.grade === 'secret');
  return {
    'findings-count': real.length,
    'new-findings-count': real.filter((finding) => finding.suppression === undefined).length,
    state: report.summary.state,
  };
}

async function writeOutputs(io: ActionIo, outputs: StepOutputs): Promise<void> {
  const file = io.env['GITHUB_OUTPUT'];
  if (file) await io.appendFile(file, formatOutputs(outputs));
}
