import {
  date,
  flag,
  list,
  mapped,
  nullable,
  numericId,
  object,
  optional,
  type Shape,
  type Shaped,
  text,
  word,
} from '../../../clients/shared/shape.ts';

/** Most bytes of a path in a location. */
const LONGEST_PATH = 4_096;

/** A place in a commit. The other kinds (issues, pull requests, wikis) have no path. */
const place = object({
  path: optional(text(LONGEST_PATH)),
  start_line: optional(line()),
  blob_sha: optional(text(64)),
});

export const alertLocation = object({ type: optional(text()), details: optional(place) });

/** `secret` is left out on purpose: servers that do not know `hide_secret` send the value. */
export const alert = object({
  number: numericId(),
  created_at: optional(date()),
  state: word('open', 'resolved'),
  resolution: optional(text()),
  resolved_at: optional(date()),
  secret_type: optional(text()),
  secret_type_display_name: optional(text()),
  validity: optional(word('active', 'inactive', 'unknown')),
  publicly_leaked: nullable(flag()),
  multi_repo: nullable(flag()),
  push_protection_bypassed: nullable(flag()),
  push_protection_bypassed_by: optional(object({ login: text() })),
  first_location_detected: optional(place),
  has_more_locations: optional(flag()),
  /** Only in the list of an organisation. */
  repository: optional(object({ name: text(), full_name: text() })),
});

/** A line number. */
function line(): Shape<number> {
  const shape = mapped(list(numericId()), ([first]) => Number(first));
  return { read: (value) => shape.read([value]) };
}

export type Alert = Shaped<typeof alert>;
export type AlertLocation = Shaped<typeof alertLocation>;
