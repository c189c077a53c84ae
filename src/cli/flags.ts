/** What the scan verbs accept, as commander gives it. */
export interface ScanFlags {
  readonly staged?: boolean;
  readonly range?: string;
  readonly report?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
  /** `--no-config` gives false, `--config <file>` a text. */
  readonly config?: string | boolean;
  readonly rules?: readonly string[];
  readonly pack?: string;
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly exclude?: readonly string[];
  readonly baseline?: string;
  readonly failOn?: 'low' | 'medium' | 'high' | 'critical';
  readonly allowGaps?: number;
  readonly requireCoverage?: boolean;
  readonly policyRef?: string;
  readonly exposure?: 'public' | 'organisation' | 'private' | 'local' | 'unknown';
  readonly verify?: boolean;
  readonly showSecrets?: boolean;
  readonly maxFileSize?: number;
  readonly includeIgnored?: boolean;
  readonly record?: string;
  readonly reader?: 'pack' | 'cat-file';
  readonly fullBlobs?: boolean;
  readonly deepen?: boolean;
  readonly occurrences?: 'found' | 'all';
  readonly incremental?: boolean;
  readonly state?: string;
  readonly engine?: 'fast' | 'reference';
  readonly threads?: number;
  readonly progress?: boolean;
}
