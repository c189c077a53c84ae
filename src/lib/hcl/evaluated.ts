import type { HclChoice, HclValue } from './types.ts';

/** Plain data in which parts may be `U`: something that only a run of Terraform would know. */
export type Evaluated<U> =
  | null
  | boolean
  | number
  | string
  | U
  | readonly Evaluated<U>[]
  | { readonly [key: string]: Evaluated<U> };

/** How `evaluate` treats what is not literal. */
export interface EvaluateOptions<U> {
  /** Makes the stand-in for an unknown part out of its source text. */
  unknown(text: string): U;
  isUnknown(value: unknown): value is U;
  /** The value that a reference has, or undefined where it is not known. */
  reference?(path: readonly string[]): Evaluated<U> | undefined;
  /** True for a value that adds nothing to a list or map, as far as is known. */
  addsNothing?(value: HclValue): boolean;
  /** What stands for a condition that is not decided, or undefined. */
  choose?(choice: HclChoice): Evaluated<U> | undefined;
  /** The value of a call that is not evaluated here, or undefined. */
  call?(name: string, args: () => readonly Evaluated<U>[]): Evaluated<U> | undefined;
  /**
   * Called once per value. If it returns false, evaluation ends and the value is unknown: this bounds references that
   * fan out.
   */
  spend?(): boolean;
  /** Called where a text is longer than is kept, and unknown therefore. */
  tooLong?(): void;
}
