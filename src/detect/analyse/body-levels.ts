/** Offsets in a match from which on its bytes are known apart: the long rest of a key file is not as free as its header. */
export const BODY_LEVELS: readonly number[] = [0, 256, 512, 1024, 2048, 4096];
