import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import type { Machine, PeerFacts, Scoreboard, Section } from './model.ts';
import { renderScoreboard } from './render.ts';
import { evaluateTargets } from './targets.ts';

/** A scoreboard before its targets are judged. */
export type Board = Omit<Scoreboard, 'targets'>;

const jsonOf = (out: string): string => out.replace(/\.md$/, '.json');

/** Writes a scoreboard as Markdown and, beside it, as JSON, with its targets judged. */
export function writeBoard(out: string, board: Board): void {
  const whole: Scoreboard = { ...board, targets: evaluateTargets(board.sections, board) };
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(jsonOf(out), `${JSON.stringify(whole, null, 2)}\n`);
  writeFileSync(out, renderScoreboard(whole));
}

/**
 * Reads the scoreboard that lies at `out`; undefined where there is none.
 *
 * @throws UsageError when it is of another machine or another form
 */
export function readBoard(out: string, machine: Machine): Board | undefined {
  const file = jsonOf(out);
  if (!existsSync(file)) return undefined;
  const board = parseBoard(readFileSync(file, 'utf8'));
  if (board === undefined) throw new UsageError(`${file} is no scoreboard of this version: leave --keep out.`);
  const mine = describe(machine);
  const others = describe(board.machine);
  if (mine === others) return board;
  throw new UsageError(`${file} was measured on another machine (${others}; here ${mine}): leave --keep out.`);
}

function parseBoard(text: string): Board | undefined {
  try {
    const board = JSON.parse(text);
    return board?.schemaVersion === 2 && Array.isArray(board.sections) ? board : undefined;
  } catch {
    return undefined;
  }
}

const describe = ({ cpu, cores, node }: Machine): string => `${cores} x ${cpu}, Node ${node}`;

/** Puts what was measured now in the place of what was measured before; the rest of `earlier` stays. */
export function mergeBoards(earlier: Board | undefined, now: Board): Board {
  if (earlier === undefined) return now;
  const { sections: oldSections, peers: oldPeers, ...rest } = earlier;
  const peers = mergeBy(oldPeers, now.peers, (peer: PeerFacts) => peer.name);
  return {
    ...rest,
    ...now,
    peers,
    absent: now.absent.filter((name) => !peers.some((peer) => peer.name === name)),
    sections: mergeBy(oldSections, now.sections, (section: Section) => `${section.work} ${section.input}`),
  };
}

function mergeBy<T>(earlier: readonly T[], now: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const merged = new Map(earlier.map((item) => [keyOf(item), item]));
  for (const item of now) merged.set(keyOf(item), item);
  return [...merged.values()];
}
