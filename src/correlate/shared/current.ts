import type { Location } from '../../model/location.ts';

/** True for a place in the checked-out files. One in a history counts only where the same bytes are still there. */
export function isCurrent(place: Location): boolean {
  return place.present === true || (place.present !== false && place.commit === undefined);
}
