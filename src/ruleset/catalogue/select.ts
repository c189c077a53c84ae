import { didYouMean } from '../../lib/text/nearest.ts';
import { ConfigError, UsageError } from '../../model/errors.ts';
import type { PostureHead, RuleCatalogue, RuleHead, RulePack, RuleSelection } from '../../model/rule.ts';
import { makeCatalogue } from './catalogue.ts';

/** What the user wants to run. `only` and `except` are rule ids of either kind. */
export interface SelectOptions {
  /** Name of a pack; absent: every rule. */
  readonly pack?: string;
  /** Runs these and no others, whatever the pack says. */
  readonly only?: readonly string[];
  readonly except?: readonly string[];
}

/**
 * The rules to run. Throws `UsageError` for an unknown pack or rule id, naming the nearest known ones, and
 * `ConfigError` when nothing is left: an empty rule set is never "clean".
 */
export function selectRules(catalogue: RuleCatalogue, options: SelectOptions): RuleCatalogue {
  const ids = new Set([...catalogue.detection, ...catalogue.posture].map((rule) => rule.id));
  for (const id of [...(options.only ?? []), ...(options.except ?? [])]) {
    if (!ids.has(id))
      throw new UsageError(`Unknown rule "${id}"${didYouMean(id, ids)}. "bowerbird rules list" shows all.`);
  }
  const pack = findPack(catalogue, options.pack);
  const keep = (rule: RuleHead | PostureHead, selection: RuleSelection | undefined): boolean => {
    if (options.except?.includes(rule.id)) return false;
    if (options.only !== undefined) return options.only.includes(rule.id);
    return pack === undefined || isSelected(rule, selection);
  };
  const detection = catalogue.detection.filter((rule) => keep(rule, pack?.detection));
  const posture = catalogue.posture.filter((rule) => keep(rule, pack?.posture));
  if (detection.length + posture.length === 0) {
    throw new ConfigError('No rule is selected, so nothing would be checked. Name fewer exceptions or another pack.');
  }
  const { packs = [] } = catalogue;
  const hash = isWholePack(options) ? catalogue.packHashes?.[options.pack ?? ''] : undefined;
  return hash === undefined ? makeCatalogue({ detection, posture, packs }) : { detection, posture, packs, hash };
}

/** True where nothing is added to a pack and nothing taken away: its hash may be known. */
function isWholePack({ only, except }: SelectOptions): boolean {
  return only === undefined && (except ?? []).length === 0;
}

function findPack(catalogue: RuleCatalogue, name: string | undefined): RulePack | undefined {
  if (name === undefined) return undefined;
  const packs = catalogue.packs ?? [];
  const pack = packs.find((candidate) => candidate.id === name);
  if (pack !== undefined) return pack;
  const names = packs.map((candidate) => candidate.id);
  throw new UsageError(`Unknown rule pack "${name}"${didYouMean(name, names)}. Write one of: ${names.join(', ')}.`);
}

function isSelected(rule: RuleHead | PostureHead, selection: RuleSelection | undefined): boolean {
  if (selection === undefined) return false;
  const { confidence, tags, notTags } = selection;
  if (confidence !== undefined && !confidence.includes(rule.confidence)) return false;
  if (tags !== undefined && !tags.some((tag) => rule.tags.includes(tag))) return false;
  return !notTags?.some((tag) => rule.tags.includes(tag));
}
