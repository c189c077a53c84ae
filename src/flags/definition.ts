/** Commands as the user writes them. */
export type Verb =
  | 'scan'
  | 'inventory'
  | 'baseline'
  | 'rules list'
  | 'rules show'
  | 'rules test'
  | 'rules lint'
  | 'explain'
  | 'doctor'
  | 'ignore'
  | 'hook install'
  | 'hook uninstall'
  | 'hook status'
  | 'hook run'
  | 'completion';

/**
 * How a value is written. `switch`: no value. `list`: once for each value. `many`: several values after one flag.
 * `count`: a whole number. `size`: bytes, also as `500MB`.
 */
export type FlagKind = 'switch' | 'text' | 'list' | 'many' | 'choice' | 'count' | 'size';

/** What a shell completes as the value, where the choices do not say it. */
export type Suggestion = 'file' | 'folder' | 'report' | 'rule' | 'pack' | 'target' | 'collector';

/** One flag of the command line. Everything that knows flags is derived from these. */
export interface FlagDefinition {
  /** The long name, without hyphens before it. */
  readonly name: string;
  readonly verbs: readonly Verb[];
  readonly kind: FlagKind;
  /** One letter. */
  readonly short?: string;
  /** What help calls the value, for example `<file>`. */
  readonly value?: string;
  /** What the flag does; absent where only its opposite exists. */
  readonly help?: string;
  /** What `--no-<name>` does; absent where there is no such flag. */
  readonly off?: string;
  /** Heading in the help text. */
  readonly group?: string;
  readonly choices?: readonly string[];
  readonly default?: string | number;
  /** Smallest and largest number. */
  readonly least?: number;
  readonly most?: number;
  /** Not in the help text: for those who develop Bowerbird. */
  readonly hidden?: true;
  readonly suggests?: Suggestion;
  /** The Action's input that means the same. */
  readonly input?: InputDefinition;
}

/** An input of the Action that stands for a flag. Kind and choices are the flag's. */
export interface InputDefinition {
  readonly name: string;
  readonly help: string;
  /** What the Action allows besides the flag's choices. */
  readonly alsoChoices?: readonly string[];
}

/** An input of the Action alone. */
export interface OwnInput {
  readonly name: string;
  readonly kind: 'switch' | 'text' | 'choice';
  readonly help: string;
  readonly choices?: readonly string[];
  /** As text: inputs of an Action are texts. */
  readonly default?: string;
  /** A default that the runner fills in: an expression in action.yml. */
  readonly fromRunner?: string;
}

/** A command: what it does and what stands behind it on the command line. */
export interface VerbDefinition {
  readonly help: string;
  /**
   * What stands behind the verb: as help writes it (`<id>`, `[targets...]`), what it is, and what a shell completes.
   */
  readonly takes?: readonly {
    readonly form: string;
    readonly help: string;
    readonly choices?: readonly string[];
    readonly suggests?: Suggestion;
  }[];
}
