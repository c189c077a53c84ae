import { mergeFields } from '../../lib/fields/merge-fields.ts';
import type { Identity } from '../../model/identity.ts';
import { kindOfType } from '../../model/identity-kinds.ts';
import { earliest } from '../places.ts';

/** What a rule of detection found says when a secret was exposed, not when it was made. */
const FOUND = /^rule /;

/**
 * Identities with the day by which they existed, where only files declare them: the date of the commit that holds the
 * declaration. They may be older, so that an age of it is a lower bound.
 */
export function addDeclaredDates(identities: readonly Identity[]): Identity[] {
  return identities.map((identity) => {
    if (identity.attributes['createdAt'] !== undefined || kindOfType(identity.type) === 'support') return identity;
    const declared = identity.evidence.filter(({ source }) => !FOUND.test(source));
    const date = earliest(declared.map(({ location }) => location?.date));
    if (date === undefined) return identity;
    const createdAt = { value: date, source: 'commit of the declaration', precision: 'approximate' as const };
    return mergeFields(identity, { attributes: Object.assign({}, identity.attributes, { createdAt }) });
  });
}
