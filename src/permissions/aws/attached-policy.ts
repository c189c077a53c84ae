import type { PolicyDocument } from './document.ts';

/** A policy that is attached to a principal. Without a document its permissions are unknown. */
export interface AttachedPolicy {
  readonly name: string;
  /** Endpoint or file that says so. */
  readonly source: string;
  readonly document?: PolicyDocument;
}

/** A permissions boundary: its document, or `unknown` if there is one that nobody could read. */
export type Boundary = PolicyDocument | 'unknown';
