import type { Json } from '../../model/json.ts';
import type { Confidence, Severity } from '../../model/match.ts';
import type { CredentialProfile, PostureExample } from '../../model/rule.ts';

/** What a rule file holds after it passed the schema: the same names as in the file. */
export interface RawDetectionFile {
  readonly provider: string;
  readonly name: string;
  readonly remediation?: string;
  readonly references?: readonly string[];
  readonly tags?: readonly string[];
  readonly rules: readonly RawRule[];
}

export type RawExample = string | { readonly text: string; readonly secret?: string; readonly path?: string };

export interface RawRule {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly pattern: string;
  readonly 'ignore-case'?: boolean;
  readonly literals?: readonly string[];
  readonly context?: { readonly words: readonly string[]; readonly before?: number; readonly after?: number };
  readonly paths?: { readonly only?: readonly string[]; readonly not?: readonly string[] };
  readonly checks?: readonly (string | Readonly<Record<string, Readonly<Record<string, Json>>>>)[];
  readonly 'skip-checks'?: readonly string[];
  readonly companions?: readonly {
    readonly rule: string;
    readonly as: string;
    readonly 'within-lines': number;
    readonly required?: boolean;
  }[];
  readonly confidence?: Confidence;
  readonly severity?: Severity;
  readonly credential?: Omit<CredentialProfile, 'public'> & { readonly public?: boolean };
  readonly keys?: Readonly<Record<string, string>>;
  readonly owasp?: readonly string[];
  readonly verifier?: string;
  readonly remediation?: string;
  readonly references?: readonly string[];
  readonly tags?: readonly string[];
  readonly overlaps?: readonly string[];
  readonly examples?: { readonly match?: readonly RawExample[]; readonly 'no-match'?: readonly RawExample[] };
}

export type RawCondition =
  | { readonly all: readonly RawCondition[] }
  | { readonly any: readonly RawCondition[] }
  | { readonly not: RawCondition }
  | Readonly<Record<string, Json>>;

export interface RawPostureRule {
  readonly id: string;
  readonly title: string;
  readonly 'applies-to': readonly string[];
  readonly when: RawCondition;
  readonly severity: Severity;
  readonly confidence?: Confidence;
  readonly owasp?: readonly string[];
  readonly message: string;
  readonly why?: string;
  readonly remediation?: string;
  readonly references?: readonly string[];
  readonly tags?: readonly string[];
  readonly 'yields-to'?: readonly string[];
  readonly examples?: {
    readonly fail?: readonly PostureExample[];
    readonly pass?: readonly PostureExample[];
    readonly 'not-assessed'?: readonly PostureExample[];
  };
}

interface RawSelection {
  readonly confidence?: readonly Confidence[];
  readonly tags?: readonly string[];
  readonly 'not-tags'?: readonly string[];
}

export interface RawPack {
  readonly pack: string;
  readonly title: string;
  readonly detection?: RawSelection;
  readonly posture?: RawSelection;
}
