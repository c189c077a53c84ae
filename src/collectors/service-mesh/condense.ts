import { condenseList } from '../shared/kubernetes/dump.ts';
import { GROUPS } from './kinds.ts';

/** A larger text is not read with exact places. Lists of this size are dumps of clusters. Bytes. */
const LARGE = 4 * 1024 * 1024;

/** Writes a dump of a cluster anew with the objects of meshes alone. Undefined for what is no dump. */
export function condense(bytes: Uint8Array): Uint8Array | undefined {
  return bytes.length > LARGE ? condenseList(bytes, (kind) => Object.hasOwn(GROUPS, kind)) : undefined;
}
