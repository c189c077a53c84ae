/** Why a path could not be opened as a regular file. `outside`: the path leaves the folder that it has to lie in. */
export type NoFile =
  | { readonly state: 'absent' | 'symlink' | 'special-file' | 'folder' | 'outside' }
  | { readonly state: 'too-large'; readonly size: number }
  | { readonly state: 'unreadable'; readonly code: string };
