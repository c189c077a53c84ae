/**
 * Instructions of a matcher program, 16-bit numbers: the code and its operands. Sets are numbers of byte sets, targets
 * count from the start of the program. When a way through the program fails, matching continues at the last open
 * choice, as in V8.
 */
export const CODE = {
  /** The program, or the part of a look, ends: it matches. */
  match: 0,
  /** set: one byte. */
  byte: 1,
  /** set, min, max: as many bytes as there are; fewer would not help. */
  run: 2,
  /** set, min, max, next: as many as there are, or fewer where a byte of `next` follows. */
  runBack: 3,
  /** set, min, max, next: as few as possible. */
  runLazy: 4,
  /**
   * first, target: continues with the next instruction at a byte of `first` (or at the end), and otherwise, or if that
   * fails, at the target.
   */
  fork: 5,
  /** The same in the opposite order. */
  forkLazy: 6,
  /** first, target: continues with the next instruction at a byte of `first`, otherwise at the target; never both. */
  branch: 7,
  /** target. */
  jump: 8,
  /** slot: notes the place. */
  save: 9,
  /** set, 1 if the end of the text passes. */
  ahead: 10,
  /** set, 1 if the start of the text passes. */
  behind: 11,
  /** 1 for a negative look, bytes to go back, target behind its program, which follows. */
  look: 12,
  /** 0, 0: this and the next two have two operands as well. */
  start: 13,
  end: 14,
  /** 1 for `\b`, 0 for `\B`; 0. */
  word: 15,
} as const;

/** Groups that a program may have. */
export const GROUPS_MOST = 16;
/** Place of the operand of `fork`, `branch` and others that says where to go on. */
export const TARGET = 2;
