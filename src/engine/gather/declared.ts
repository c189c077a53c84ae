import type { Collected } from '../../collectors/contract.ts';
import type { Target } from '../plan/targets.ts';

/** What a declaration collector gives. */
export type DeclaredItem = Extract<Collected, { readonly kind: 'identity' | 'edge' | 'gap' | 'skip' }>;

/** What files of one repository declare, as one collector reads them. */
export interface Declared {
  readonly collector: string;
  readonly repository: string;
  /** Hash of the paths and object ids of the files: the same files declare the same. */
  readonly files: string;
  readonly items: readonly DeclaredItem[];
}

/** What an earlier run read in the same files of a target; undefined where they have to be read. */
export type RecallDeclared = (target: Target, files: Omit<Declared, 'items'>) => readonly DeclaredItem[] | undefined;
