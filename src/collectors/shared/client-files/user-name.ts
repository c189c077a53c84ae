const LONGEST = 64;
/** Names under which a token is sent in place of a password; the token itself may also stand in the user's place. */
const TOKEN_SHAPES =
  /^(?:gh[a-z]_|github_pat_|gl[a-z]{2,6}-|npm_|pypi-|dckr_|xox|sk-|hf_|glsa_|dop_v1_|AKIA|ASIA|ey[JI]|ATATT|ATCTT|hv[sbr]\.)/;
const MACHINE_ADDRESS = /@(?:[\w-]+\.)*gserviceaccount\.com$/i;

/**
 * The name of a user as reports may show it, or undefined where it may be a token: that is what often stands in its
 * place. Of an e-mail address only the part before the @ is kept.
 */
export function shownUser(user: string | undefined): string | undefined {
  const name = user?.trim() ?? '';
  if (name === '' || /[\p{Cc}\s]/u.test(name)) return undefined;
  if (MACHINE_ADDRESS.test(name)) return name;
  const at = name.indexOf('@');
  const local = at > 0 ? name.slice(0, at) : name;
  if (local.length > LONGEST || TOKEN_SHAPES.test(local) || isRandom(local)) return undefined;
  return local;
}

/** Twenty characters or more with a digit in every run of letters are no name, unless they are a GUID. */
function isRandom(name: string): boolean {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name)) return false;
  const longest = name.split(/[^A-Za-z0-9]+/).reduce((most, run) => Math.max(most, run.length), 0);
  const digits = name.replace(/\D/g, '').length;
  return longest >= 16 && digits >= 2;
}
