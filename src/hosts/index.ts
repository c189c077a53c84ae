import type { Host } from './contract.ts';
import github from './github/index.ts';
import gitlab from './gitlab.ts';
import urls from './urls.ts';

export type {
  Host,
  HostContext,
  HostGap,
  Listed,
  OpenHost,
  Ref,
  RememberedPage,
  Repository,
  Tips,
} from './contract.ts';

/** All hosts, by the scheme of their addresses. */
export const hosts: readonly Host[] = [github, gitlab, urls];
