import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from './clone.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly needs?: string;
  readonly strategy?: { readonly matrix: { readonly node: readonly string[]; readonly os: readonly string[] } };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions: unknown;
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(ROOT, '.github/workflows');
const files = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const);

describe.each(files)('%s', (file, text) => {
  const workflow = parse(text) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  it('gives each job only what it needs, and an end', () => {
    expect(workflow.permissions).toEqual({});
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    for (const job of jobs) {
      const writes = Object.entries(job.permissions ?? {}).filter(([, level]) => level !== 'read');
      const allowed = file === 'release.yml' ? ['attestations', 'id-token'] : ['security-events'];
      expect(writes.filter(([name]) => !allowed.includes(name))).toEqual([]);
      expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
    }
  });

  it('runs foreign code by commit, and keeps the token out of the clone', () => {
    const used = steps.flatMap((step) => step.uses ?? []);
    expect(used.filter((name) => name !== './' && !/^actions\/[a-z-]+@[0-9a-f]{40}$/.test(name))).toEqual([]);
    for (const { uses, with: inputs } of steps) {
      if (uses?.startsWith('actions/checkout@')) expect(inputs).toMatchObject({ 'persist-credentials': false });
    }
  });

  it('puts nothing from the event into a command', () => {
    expect(steps.filter((step) => step.run?.includes('${{'))).toEqual([]);
  });
});

it('checks every supported line of Node, the oldest version among them', () => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } };
  const ci = parse(readFileSync(join(FOLDER, 'ci.yml'), 'utf8')) as Workflow;
  const versions = ci.jobs['check']?.strategy?.matrix.node ?? [];
  expect(versions).toEqual([engines.node.replace('>=', ''), '22', '24']);
  const systems = ci.jobs['check']?.strategy?.matrix.os ?? [];
  expect(systems.map((name) => name.split('-')[0])).toEqual(['ubuntu', 'macos', 'windows']);
});

describe('the release workflow', () => {
  const release = parse(readFileSync(join(FOLDER, 'release.yml'), 'utf8')) as Workflow;

  it('runs for a tag, and attests dist only after a fresh build of it was the same', () => {
    expect(release.on).toEqual({ push: { tags: ['v*'] } });
    expect(release.jobs['attest']?.needs).toBe('compare');
    for (const job of Object.values(release.jobs)) {
      const runs = job.steps.flatMap((step) => step.run ?? []);
      expect(runs).toEqual([
        'npm ci --ignore-scripts',
        'mv dist carried',
        'node src/build/run.mjs build',
        'node src/build/run.mjs compare carried dist',
      ]);
    }
    const last = release.jobs['attest']?.steps.at(-1);
    expect(last?.uses).toMatch(/^actions\/attest-build-provenance@/);
    expect(last?.with).toEqual({ 'subject-path': 'dist/**' });
  });

  it('lets nothing write but the job that attests', () => {
    expect(release.jobs['compare']?.permissions).toEqual({ contents: 'read' });
  });
});
