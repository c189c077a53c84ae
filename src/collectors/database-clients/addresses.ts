import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { isLocalHost } from '../shared/client-files/hosts.ts';
import { kindOfValue } from '../shared/client-files/value-kind.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { SCHEMES, SYSTEMS } from './names.ts';
import { addRole } from './role.ts';

const MOST_LINES = 20_000;
const MOST_ADDRESSES = 500;
const LONGEST_LINE = 10_000;
const ADDRESS = new RegExp(
  String.raw`(?<![\w+])(?:jdbc:)?(?<scheme>${SCHEMES.map((scheme) => scheme.replace('+', '\\+')).join('|')})(?:\+\w{1,20})?:\/\/` +
    String.raw`(?:(?<user>[^\s:@/?#"'<>]{1,200})(?::(?<password>[^\s@"'<>]{0,500}))?@)?` +
    String.raw`(?<host>[\w.-]{1,253})(?::\d{1,5})?(?:,[\w.:,-]{1,1000})?` +
    String.raw`(?:[/;](?<database>[\w.-]{0,100}))?(?<rest>[^\s"'<>]{0,2000})`,
  'gi',
);
/** Settings of a driver that turn off the check of the server: the connection may be read, or answered, by others. */
const UNVERIFIED =
  /(?:sslmode=(?:disable|allow|prefer)\b|usessl=false|encrypt=false|trustservercertificate=true|tls(?:allowinvalidcertificates|insecure)=true)/i;
const FILLER_HOST = /^(?:(?:db|database|my|your)?[-_]?(?:host(?:name)?|server)|ip|address)$/i;
const VERIFIED = /sslmode=verify-(?:full|ca)\b|sslmode=verify_identity\b/i;

/** Reads the addresses of databases in settings. Those of this machine are no roles of anybody else. */
export function readAddresses(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const lines = file.text.split(/\r?\n/, MOST_LINES + 1);
  let left = MOST_ADDRESSES;
  for (const [index, text] of lines.slice(0, MOST_LINES).entries()) {
    if (text.length > LONGEST_LINE || !text.includes('://') || /^\s*(?:#|\/\/|;)/.test(text)) continue;
    for (const { groups = {} } of text.matchAll(ADDRESS)) {
      left -= 1;
      if (left < 0) return [file.gap(index + 1, `only ${MOST_ADDRESSES} addresses were read; split the file`, 'limit')];
      addAddress(file, drafts, groups, index + 1);
    }
  }
  return lines.length > MOST_LINES
    ? [file.gap(MOST_LINES, 'has more lines than are read; split the file', 'limit')]
    : [];
}

function addAddress(
  file: ClientFile,
  drafts: Drafts,
  groups: Readonly<Record<string, string | undefined>>,
  line: number,
): void {
  const { scheme = '', host = '', rest = '', database } = groups;
  const user = decode(groups['user']) ?? parameter(rest, 'user');
  const password = groups['password'] === undefined ? parameter(rest, 'password') : decode(groups['password']);
  const isFiller = kindOfValue(host) !== 'literal' || FILLER_HOST.test(host);
  if (isLocalHost(host) || isFiller || kindOfValue(user) !== 'literal') return;
  addRole(file, drafts, {
    system: SYSTEMS[scheme.toLowerCase()] ?? scheme,
    user,
    host,
    database: database === '' ? undefined : database,
    password,
    tlsVerified: VERIFIED.test(rest) ? true : UNVERIFIED.test(rest) ? false : undefined,
    line,
  });
}

/** `?user=app`, `;user=app`. */
function parameter(rest: string, name: string): string | undefined {
  return decode(new RegExp(`[?&;]${name}=([^&;]{1,500})`, 'i').exec(rest)?.[1]);
}

function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return text;
  }
}
