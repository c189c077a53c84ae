/** Printed above the list of commands. */
export const ABOUT = `Finds the keys that machines carry and the identities behind them.

Nothing leaves this machine, unless you name an API target or ask for --verify.`;

/** Printed below the flags of a scan. */
export const SCAN_HELP = `
Targets (default "."):
  .  or a path           files: tracked and untracked, minus ignored
  git:<folder>           whole history: every ref, and objects that no ref reaches
  github:<org>           a GitHub organisation's apps, keys, hooks, secrets metadata (GITHUB_TOKEN)
  dump:<folder>          recorded API answers instead of the API
  -                      standard input

Configuration (.bowerbird.yaml, .bowerbirdignore, .bowerbird-baseline, .bowerbird/rules) is read at the top of the
repository that the targets lie in, also from a subfolder; paths in reports begin there. Outside a repository it is read in
the working directory. Files that flags name are relative to the working directory.

Exit codes:
  0  nothing found, everything that was planned was scanned
  1  findings at or above --fail-on
  2  wrong usage or configuration
  3  incomplete: nothing was scanned, something that should have been was not, or the disk was full
  70 a bug in bowerbird

Examples:
  bowerbird scan .
  bowerbird scan git:. --report sarif=bowerbird.sarif
  bowerbird scan git:. --incremental
  bowerbird scan --staged
  bowerbird scan --range origin/main...HEAD --policy-ref origin/main
  bowerbird scan . github:acme --report json=report.json`;
