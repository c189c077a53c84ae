/**
 * Offsets in a match from which its bytes are analysed separately: the long body of a key file allows fewer bytes than
 * its header.
 */
export const BODY_LEVELS: readonly number[] = [0, 256, 512, 1024, 2048, 4096];
