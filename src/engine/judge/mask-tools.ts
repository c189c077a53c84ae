import { checks } from '../../detect/checks/index.generated.ts';
import type { RuleCatalogue } from '../../model/rule.ts';
import type { Plan } from '../plan/contract.ts';
import type { MaskTools } from './mask.ts';

/** What masking needs of a plan. */
export function openMaskTools({ stage, started, rules }: Plan): MaskTools {
  return {
    detector: stage.detector,
    now: started,
    isPublic: findPublicRules(rules.catalogue),
    isShipped: (id) => rules.shipped.has(id),
    // Lazy: loaded when a text of the report has something to check.
    get checks() {
      return checks;
    },
  };
}

/** Looks at the rules of matches alone: the others need not be read for it. */
function findPublicRules(catalogue: RuleCatalogue): (ruleId: string) => boolean {
  return (id) => catalogue.detection.find((head) => head.id === id)?.rule().credential.public === true;
}
