import type { Location } from '../../model/location.ts';

/** Why an object is read. */
export type Want =
  | { readonly why: 'new'; readonly path?: string; readonly commit: string }
  | { readonly why: 'changed'; readonly path: string }
  | { readonly why: 'again'; readonly places: readonly [Location, ...Location[]] }
  /** Was missing: an object that a pointer stands for may have come. */
  | { readonly why: 'missed'; readonly path: string; readonly commit: string }
  /** Not given: its author and date are those of what was missing. */
  | { readonly why: 'credit'; readonly path?: string }
  /** Not given: what is new is compared with it. */
  | { readonly why: 'before' }
  | { readonly why: 'declares'; readonly path: string };

/** What to ask git for: the id of a blob or commit; of a tag, whose id a place does not tell, the ref. */
export function requestOf(place: Location): string {
  if (place.blob !== undefined) return place.blob;
  if (place.part === 'commit-message') return place.commit ?? '';
  return place.part === 'tag-message' && /^refs\/tags\/[^\s:^~?*[\\]+$/.test(place.path) ? place.path : '';
}

/** The path that an object is named by. */
export function pathOf(want: Want): string | undefined {
  if (want.why === 'before' || want.why === 'credit') return undefined;
  if (want.why !== 'again') return want.path;
  const { path, decoded } = want.places[0];
  // Inside an archive the path goes on after `!/`.
  return decoded === undefined ? path : path.split('!/')[0];
}
