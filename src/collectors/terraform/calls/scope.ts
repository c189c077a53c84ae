import type { HclValue } from '../../../lib/hcl/index.ts';
import type { ModelFunction } from './functions.ts';

/** How values of a called module are carried over into the module that calls it. */
export interface Scope {
  /** Steps before every address of the called module: `['module', 'm', '["a"]']`. */
  readonly path: readonly string[];
  /** What `path.module` is there. Absent: no folder of the repository. */
  readonly folder?: string;
  /** Values of the variables: what the call says, else the default. Undefined: unknown. */
  readonly variables: ReadonlyMap<string, HclValue | undefined>;
  /** Locals of the called module as it writes them. */
  readonly locals?: ReadonlyMap<string, HclValue>;
  /** What `each` means. Only for the arguments of a call that repeats over literals. */
  readonly each?: { readonly key: HclValue; readonly value: HclValue };
  /** Names that a `for` around gives. */
  readonly bound?: ReadonlySet<string>;
  readonly functions?: ReadonlyMap<string, ModelFunction>;
  /** How many values may still be written; below zero, the rest becomes unknown. */
  readonly budget: { left: number };
}
