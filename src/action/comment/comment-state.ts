/** What a comment remembers of the run that wrote it: ids of findings and nothing else. */
export interface CommentState {
  /** Id of the workflow run, as a number: later runs have higher ones. */
  readonly run: number;
  /** Ids of the findings that are open. */
  readonly open: readonly string[];
  /** Ids of findings that an earlier run of the pull request had, and no run has now. */
  readonly gone: readonly string[];
}

const MARK = '<!-- bowerbird:comment';
const ID = /^[a-z]-[0-9a-f]{8,64}$/;
/** Most ids of each kind that are remembered: the rest counts as new again. */
const MOST_IDS = 800;
/** A comment of GitHub has at most 65,536 characters. */
const MOST_TEXT = 65_536;

/** First line of the comment about one folder of the checkout. It is not shown, and finds the comment again. */
export function renderMark(folder: string, { run, open, gone }: CommentState): string {
  const state = { run, open: open.slice(0, MOST_IDS), gone: gone.slice(0, MOST_IDS) };
  return `${MARK} ${nameOf(folder)} ${JSON.stringify(state)} -->`;
}

/** The state of a comment about this folder; undefined where the text is none. Damaged states are empty ones. */
export function readMark(folder: string, body: string): CommentState | undefined {
  const start = `${MARK} ${nameOf(folder)} `;
  if (body.length > MOST_TEXT || !body.startsWith(start)) return undefined;
  const [line = ''] = body.slice(start.length).split('\n', 1);
  return readState(line.trimEnd().replace(/-->$/, ''));
}

/** Only letters and digits: the folder's name cannot end the HTML comment that the mark is. */
function nameOf(folder: string): string {
  return Buffer.from(folder).toString('hex') || '00';
}

function readState(text: string): CommentState {
  try {
    const { run, open, gone } = Object(JSON.parse(text)) as Readonly<Record<string, unknown>>;
    const runNumber = typeof run === 'number' && Number.isSafeInteger(run) ? run : 0;
    return { run: runNumber, open: readIds(open), gone: readIds(gone) };
  } catch {
    return { run: 0, open: [], gone: [] };
  }
}

function readIds(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((id): id is string => typeof id === 'string' && ID.test(id)).slice(0, MOST_IDS);
}

/** What became of findings between two runs of a pull request. */
export interface CommentNews {
  readonly fresh: ReadonlySet<string>;
  readonly gone: readonly string[];
}

/**
 * Compares the open findings with the state of the comment. Where a run did not read everything, what is missing is not
 * gone: it stays among the open ones that the comment remembers.
 */
export function compareStates(
  earlier: CommentState | undefined,
  open: readonly string[],
  complete: boolean,
): CommentNews & { readonly remembered: readonly string[] } {
  const now = new Set(open);
  const before = new Set(earlier?.open ?? []);
  const missing = [...before].filter((id) => !now.has(id));
  const longGone = (earlier?.gone ?? []).filter((id) => !now.has(id) && !before.has(id));
  return {
    fresh: new Set(open.filter((id) => !before.has(id))),
    gone: complete ? [...missing, ...longGone] : longGone,
    remembered: complete ? open : [...open, ...missing],
  };
}
