import type { Location } from '../../model/location.ts';

/** Why an object is read. */
export type Want =
  | { readonly why: 'new'; readonly path?: string; readonly commit: string }
  | { readonly why: 'changed'; readonly path: string }
  | { readonly why: 'again'; readonly places: readonly [Location, ...Location[]] }
  /** It was missing. Now the object for which a pointer stands may be there. */
  | { readonly why: 'missed'; readonly path: string; readonly commit: string }
  /** Read only to learn the author and date of what was missing. */
  | { readonly why: 'credit'; readonly path?: string }
  /** Read only because something new is compared with it. */
  | { readonly why: 'before' }
  | { readonly why: 'declares'; readonly path: string };

/**
 * Returns what git is asked for: the id of a blob or commit. For a tag it is the ref, because a place does not hold its
 * id.
 */
export function requestOf(place: Location): string {
  if (place.blob !== undefined) return place.blob;
  if (place.part === 'commit-message') return place.commit ?? '';
  return place.part === 'tag-message' && /^refs\/tags\/[^\s:^~?*[\\]+$/.test(place.path) ? place.path : '';
}

/** Returns the path by which an object is named. */
export function pathOf(want: Want): string | undefined {
  if (want.why === 'before' || want.why === 'credit') return undefined;
  if (want.why !== 'again') return want.path;
  const { path, decoded } = want.places[0];
  // Inside an archive, the path continues after `!/`.
  return decoded === undefined ? path : path.split('!/')[0];
}
