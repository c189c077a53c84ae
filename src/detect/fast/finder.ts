import type { Candidate } from '../contract.ts';

/** Finds the matches of one rule in one text. */
export interface Finder {
  /** Start of the first match that begins in `[first, last]`, or -1. */
  find(first: number, last: number): number;
  /** The match that begins at a place where one was found. */
  read(place: number): Candidate;
}
