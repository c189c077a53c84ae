import type { Manifest } from './manifest.ts';
import type { Workload } from './pods.ts';

/** Controllers above each other: Pod, ReplicaSet, Deployment. */
const MOST_OWNERS = 4;
/** Controllers that run pods of their own: what an operator makes of them are several workloads, not one. */
const CONTROLLERS: ReadonlySet<string> = new Set([
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'CronJob',
  'DeploymentConfig',
  'Rollout',
]);

/** Objects with pods that the input declares, by `keyOf`, and the controller that made each. */
export type Declared = ReadonlyMap<string, Workload['owner']>;

type Named = Pick<Manifest, 'kind' | 'name'>;

export function keyOf({ namespace, kind, name }: Named & Pick<Manifest, 'namespace'>): string {
  return `${namespace}/${kind}/${name}`;
}

/** Kind and name of the highest controller; undefined where that one is in the input itself. */
export function controllerOf(
  { namespace, kind, name }: Named & Pick<Manifest, 'namespace'>,
  made: Workload['owner'],
  declared: Declared,
): Named | undefined {
  let head = { kind, name };
  let owner = CONTROLLERS.has(kind) ? undefined : made;
  for (let level = 0; owner !== undefined && level < MOST_OWNERS; level += 1) {
    head = { kind: owner.kind, name: owner.name };
    const key = keyOf({ namespace, ...head });
    const above = declared.get(key);
    const isTop = CONTROLLERS.has(owner.kind) || above === undefined;
    if (isTop && declared.has(key)) return undefined;
    owner = above;
  }
  return head;
}
