import type { LabelSelector, RoleDefinition } from '../../../permissions/kubernetes/built-in.ts';
import type { RbacRule } from '../../../permissions/kubernetes/rule.ts';
import { asList, asObject, asText, asTexts, type Loose } from '../loose.ts';
import { type Manifest, UNKNOWN } from './manifest.ts';

/**
 * Reads a Role or ClusterRole. Incomplete where a rule is left out, because a template has to finish it or a server
 * would refuse it.
 */
export function readRole({ name, labels, body }: Manifest): RoleDefinition {
  const written = asList(body['rules']).map(asObject);
  const rules = written.map(readRule).filter((rule) => rule !== undefined);
  const aggregation = body['aggregationRule'];
  const complete = rules.length === written.length && (Array.isArray(body['rules']) || aggregation !== undefined);
  return {
    name,
    labels,
    rules,
    complete,
    ...(aggregation === undefined ? {} : { selectors: readSelectors(asObject(aggregation)) }),
  };
}

/** `services/<shop.fullname>`: behind a slash stands a subresource, and none has the name of a release. */
const NAMED_SUBRESOURCE = /^([a-z]+\/)<[\w.-]*name>$/;

function readRule(rule: Loose): RbacRule | undefined {
  const read = {
    verbs: asTexts(rule['verbs']),
    apiGroups: asTexts(rule['apiGroups']),
    resources: asTexts(rule['resources']).map((resource) => resource.replace(NAMED_SUBRESOURCE, '$1[name]')),
    resourceNames: asTexts(rule['resourceNames']),
    nonResourceURLs: asTexts(rule['nonResourceURLs']),
  };
  const groupless = read.resources.length > 0 && read.apiGroups.length === 0;
  // Which names a template writes does not matter: they are some of all.
  const { resourceNames: _, ...others } = read;
  if (groupless || Object.values(others).some((list) => list.some((text) => text.includes(UNKNOWN)))) return undefined;
  return read;
}

function readSelectors(aggregation: Loose): LabelSelector[] {
  return asList(aggregation['clusterRoleSelectors']).map((value) => {
    const selector = asObject(value);
    const labels = Object.entries(asObject(selector['matchLabels'])).map(([key, text]) => [key, asText(text) ?? '']);
    const expressions = asList(selector['matchExpressions']).map((item) => {
      const { key, operator, values } = asObject(item) as Record<'key' | 'operator' | 'values', unknown>;
      return { key: asText(key) ?? '', operator: asText(operator) ?? '', values: asTexts(values) };
    });
    return { labels: Object.fromEntries(labels), expressions };
  });
}

/** Two declarations of one role, as overlays have them: what either of them gives. */
export function mergeRoles(first: RoleDefinition | undefined, second: RoleDefinition): RoleDefinition {
  if (first === undefined) return second;
  const rules = new Map([...first.rules, ...second.rules].map((rule) => [JSON.stringify(rule), rule]));
  const selectors = [...(first.selectors ?? []), ...(second.selectors ?? [])];
  return {
    name: second.name,
    labels: { ...first.labels, ...second.labels },
    rules: [...rules.values()],
    complete: first.complete && second.complete,
    ...(selectors.length === 0 ? {} : { selectors }),
  };
}
