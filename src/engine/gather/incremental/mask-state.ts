import { defined } from '../../../lib/fields/defined.ts';
import type { Location } from '../../../model/location.ts';
import type { KnownGap } from './known-gaps.ts';
import type { PlaceGroup } from './state.ts';

/** Takes secrets out of the places that a state keeps: names of files and of people can hold some. */
export function maskGroup(mask: (text: string) => string): (group: PlaceGroup) => PlaceGroup {
  const maskPlace = (place: Location): Location => {
    const path = mask(place.path);
    const author = place.author === undefined ? undefined : mask(place.author);
    if (path === place.path && author === place.author) return place;
    return { ...place, path, ...defined({ author }) };
  };
  return ({ rule, at, copies, known }) => ({
    rule,
    at: maskPlace(at),
    copies: copies.map(maskPlace),
    ...(known === undefined || hasMasked(known, mask) ? {} : { known }),
  });
}

/** Whether a text below a value holds a secret. */
function hasMasked(value: unknown, mask: (text: string) => string): boolean {
  if (typeof value === 'string') return mask(value) !== value;
  return typeof value === 'object' && value !== null && Object.values(value).some((part) => hasMasked(part, mask));
}

/** Takes secrets out of a gap that a state keeps. */
export function maskGap(mask: (text: string) => string): (gap: KnownGap) => KnownGap {
  return ({ scope, gap }) => ({ scope, gap: { ...gap, subject: mask(gap.subject), message: mask(gap.message) } });
}
