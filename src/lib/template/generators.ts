import { createHash } from 'node:crypto';
import {
  base62,
  crc16Xmodem,
  crc32Hex,
  encodeBase32,
  encodeBech32,
  littleEndian,
  marvin32,
  textCrc32,
} from '../bytes/checksum.ts';
import { LONGEST, TemplateError } from './error.ts';
import { openSshKey, pemKey, pgpArmor } from './keys.ts';
import { BASE62, BASE64, BASE64URL, DIGITS, LOWER, type Random } from './random.ts';

/** Makes the text of one placeholder. `args` are what stands after the name, split at colons. */
export type Generator = (args: readonly string[], random: Random) => string;

const TRIES = 10_000;
const HEX = `${DIGITS}abcdef`;

/**
 * Placeholders whose text has inner structure: checksums, encoded claims, key files. Adding one: a line here and a
 * function below. Where a checksum covers the prefix, the prefix is an argument and the generator gives the whole
 * token.
 */
export const GENERATORS: Readonly<Record<string, Generator>> = {
  /** `{github-crc:36}`: base62, the last 6 are the CRC-32 of those before them. Also 76 for `ghr_`. */
  'github-crc': crcBase62,
  'npm-crc': crcBase62,
  /** `{vercel-crc:56}`: 50 and 6, the same algorithm. */
  'vercel-crc': crcBase62,
  /** `{github-fine-grained:PREFIX}`: the whole 93-character token. */
  'github-fine-grained': githubFineGrained,
  /** `{gitlab-routable:PREFIX}` or `{gitlab-routable:PREFIX:one-dot}`: the whole token. */
  'gitlab-routable': gitlabRoutable,
  /** `{confluent-crc:60}`: what follows the prefix; the last 6 are base64 of the little-endian CRC-32. */
  'confluent-crc': confluentCrc,
  /** `{zuplo-crc}`: 32, an underscore and 8 hex digits. */
  'zuplo-crc': (_, random) => withCrcHex(random.text(BASE62, 32), '_'),
  /** `{cloudflare-crc}`: 40 and 8 hex digits. */
  'cloudflare-crc': (_, random) => withCrcHex(random.text(BASE62, 40), ''),
  /** `{grafana-service-account:PREFIX}`: the whole 46-character token. */
  'grafana-service-account': grafanaServiceAccount,
  /** `{grafana-access-policy}`: base64 JSON after the prefix. */
  'grafana-access-policy': grafanaAccessPolicy,
  /** `{grafana-api-key}`: the old key, base64 JSON. */
  'grafana-api-key': (_, random) => base64Json({ k: random.text(BASE62, 32), n: random.text(LOWER, 6), id: 1 }),
  /** `{atlassian-crc:PREFIX:180}`: prefix, 180 base64url, `=` and 8 upper-case hex digits over all before. */
  'atlassian-crc': atlassianCrc,
  /** `{bitbucket-app-password:PREFIX}`: prefix, 24 base62 and 8 upper-case hex digits over all before. */
  'bitbucket-app-password': (args, random) => withUpperCrc((args[0] ?? '') + random.text(BASE62, 24)),
  /** `{data-center-token}`: 44 base64 characters of `<number>:<random>`. */
  'data-center-token': (_, random) =>
    Buffer.concat([Buffer.from(`${random.text('123456789', 12)}:`), random.bytes(20)]).toString('base64'),
  /** `{jfrog-reference}`: the whole 64-character reference token. */
  'jfrog-reference': (_, random) =>
    encode64(`reftkn:01:17${random.text(DIGITS, 8)}:${random.text(BASE62, 27)}`, 'base64'),
  /** `{azure-cask:ACOG}`: 84 characters, the argument is the provider's signature. */
  'azure-cask': azureCask,
  /** `{azure-identifiable:44:+ASt:SEEDSEED}`: length, signature, eight-character checksum seed. */
  'azure-identifiable': azureIdentifiable,
  /** `{aws-key-id:AKIA}`: the whole 20-character id; it carries a 12-digit account. */
  'aws-key-id': awsKeyId,
  /** `{bech32:age-secret-key-}` / `{bech32:nsec:lower}`: human part, `1`, 58 characters; upper case unless `lower`. */
  bech32: bech32Key,
  /** `{nats-seed:U}`: the whole 58-character seed; the argument is the key type. */
  'nats-seed': natsSeed,
  /** `{jwt}`, `{jwt:RS256}`, `{jwt:HS256:sub=alice:exp=1700000000}`: header, claims, signature of the right length. */
  jwt: jsonWebToken,
  /** `{pem:ec}`: see `template-keys.ts`. */
  pem: (args, random) => pemKey(args[0] ?? 'ec', random),
  /** `{pem-line:pkcs8}`: the same with line ends written `\\n`, as JSON holds it. */
  'pem-line': (args, random) => pemKey(args[0] ?? 'ec', random).replaceAll('\n', '\\n'),
  /** `{openssh-key}` or `{openssh-key:comment}`. */
  'openssh-key': (args, random) => openSshKey(args[0] ?? '', random),
  /** `{pgp-private-key}`: armor with its CRC-24. */
  'pgp-private-key': (_, random) => pgpArmor(random),
  /** `{discord-id}`: base64 of an 18-digit id, the first part of a bot token. */
  'discord-id': (_, random) => encode64(`1${random.text(DIGITS, 17)}`, 'base64url'),
  /** `{onepassword-service}`: what follows the prefix of a service account token. */
  'onepassword-service': onePasswordService,
  /** `{sentry-org}`: what follows the prefix of an organisation token. */
  'sentry-org': sentryOrganisation,
  /** `{pypi-macaroon}` or `{pypi-macaroon:test.pypi.org}`: what follows the prefix. */
  'pypi-macaroon': pypiMacaroon,
  /** `{basic-auth}`: base64 of a user name and a password. */
  'basic-auth': (_, random) => encode64(`${random.text(LOWER, 8)}:${random.text(BASE62, 20)}`, 'base64'),
};

function readNumber(text: string | undefined, fallback: number): number {
  const number = Number(text ?? fallback);
  if (Number.isInteger(number) && number >= 0 && number <= LONGEST) return number;
  throw new TemplateError(`"${text}" is not a length: write a number such as 36 (at most ${LONGEST})`);
}

function encode64(text: string, encoding: 'base64' | 'base64url'): string {
  return Buffer.from(text, 'latin1').toString(encoding);
}

function base64Json(value: Readonly<Record<string, unknown>>): string {
  return encode64(JSON.stringify(value), 'base64');
}

/** Draws until a value is fit: for formats where the checksum's alphabet is narrower than its encoding. */
function drawUntil(draw: () => string, fits: (text: string) => boolean): string {
  let text = draw();
  for (let attempt = 0; attempt < TRIES && !fits(text); attempt++) text = draw();
  return text;
}

function crcBase62(args: readonly string[], random: Random): string {
  const body = random.text(BASE62, readNumber(args[0], 36) - 6);
  return body + base62(textCrc32(body), 6);
}

function githubFineGrained(args: readonly string[], random: Random): string {
  const head = `${args[0] ?? ''}${random.text(BASE62, 22)}_${random.text(BASE62, 43)}`;
  const digest = createHash('sha256').update(head).digest();
  return head + encodeBase32(digest).slice(0, 8) + encodeBase32(random.bytes(5));
}

function gitlabRoutable(args: readonly string[], random: Random): string {
  const routing = `o:${random.text('123456789', 3)}\nu:${random.text('123456789', 4)}\n`;
  const payload = Buffer.concat([Buffer.from(routing), random.bytes(16)]).toString('base64url');
  const length = payload.length.toString(36).padStart(2, '0');
  const version = args[1] === 'one-dot' ? '' : '.01';
  const head = `${args[0] ?? ''}${payload}${version}.${length}`;
  return head + textCrc32(head).toString(36).padStart(7, '0');
}

function confluentCrc(args: readonly string[], random: Random): string {
  const body = random.text(BASE64, readNumber(args[0], 60) - 6);
  return body + littleEndian(textCrc32(body)).toString('base64').slice(0, 6);
}

function withCrcHex(body: string, separator: string): string {
  return body + separator + crc32Hex(body);
}

function withUpperCrc(head: string): string {
  return head + crc32Hex(head).toUpperCase();
}

function grafanaServiceAccount(args: readonly string[], random: Random): string {
  const head = (args[0] ?? '') + random.text(BASE62, 32);
  return `${head}_${littleEndian(textCrc32(head)).toString('hex')}`;
}

function grafanaAccessPolicy(_: readonly string[], random: Random): string {
  const policy = {
    o: random.text('123456789', 6),
    n: random.text(LOWER, 8),
    k: random.text(BASE62, 24),
    m: { r: 'eu' },
  };
  return base64Json(policy);
}

function atlassianCrc(args: readonly string[], random: Random): string {
  return withUpperCrc(`${args[0] ?? ''}${random.text(BASE64URL, readNumber(args[1], 180))}=`);
}

function azureCask(args: readonly string[], random: Random): string {
  const draw = (): string => {
    const issued = `${BASE62.charAt(10 + random.integer(26))}${'ABCDEFGHIJKL'.charAt(random.integer(12))}`;
    const head = `${random.text(BASE62, 52)}JQQJ99${issued}${random.text(BASE62, 12)}AAA${'ABCDEFGH'.charAt(random.integer(8))}${args[0] ?? 'ACOG'}`;
    const check = littleEndian(marvin32(Buffer.from(head, 'base64'), 'Default0')).subarray(0, 3);
    return head + check.toString('base64');
  };
  return drawUntil(draw, (text) => /^[0-9A-Za-z]+$/.test(text));
}

function azureIdentifiable(args: readonly string[], random: Random): string {
  const length = readNumber(args[0], 44);
  const padding = { 44: 1, 56: 2, 88: 2 }[length] ?? 0;
  const draft = random.text(BASE64, length - padding - 10) + (args[1] ?? '+ASt') + random.text(BASE64, 6);
  const bytes = Buffer.from(draft, 'base64');
  const hash = marvin32(bytes.subarray(0, -4), args[2] ?? 'Default0');
  return Buffer.concat([bytes.subarray(0, -4), littleEndian(hash)]).toString('base64');
}

function awsKeyId(args: readonly string[], random: Random): string {
  const account = BigInt(args[1] ?? `${1 + random.integer(9)}${random.text(DIGITS, 11)}`);
  const draw = (): string => {
    const bytes = random.bytes(10);
    bytes.writeUIntBE(Number((1n << 47n) | (account << 7n) | BigInt(random.integer(128))), 0, 6);
    return encodeBase32(bytes);
  };
  return (args[0] ?? '') + drawUntil(draw, (text) => !/(.)\1\1/.test(text));
}

function bech32Key(args: readonly string[], random: Random): string {
  const humanPart = args[0] ?? '';
  const text = `${humanPart}1${encodeBech32(humanPart, random.bytes(32))}`;
  return args[1] === 'lower' ? text : text.toUpperCase();
}

function natsSeed(args: readonly string[], random: Random): string {
  const type = { N: 13, C: 2, O: 14, A: 0, U: 20, X: 23, P: 15 }[args[0] ?? 'U'] ?? 20;
  const kind = type << 3;
  const body = Buffer.concat([Buffer.from([(18 << 3) | (kind >> 5), (kind & 31) << 3]), random.bytes(32)]);
  const crc = crc16Xmodem(body);
  return encodeBase32(Buffer.concat([body, Buffer.from([crc & 0xff, crc >> 8])]));
}

const SIGNATURE_BYTES: Readonly<Record<string, number>> = {
  HS256: 32,
  HS384: 48,
  HS512: 64,
  ES256: 64,
  RS256: 256,
  EdDSA: 64,
};

function jsonWebToken(args: readonly string[], random: Random): string {
  const algorithm = args[0] ?? 'HS256';
  const issued = 1_600_000_000 + random.integer(100_000_000);
  const claims: Record<string, unknown> = {
    iss: `${random.text(LOWER, 7)}-issuer`,
    sub: random.text(DIGITS, 10),
    iat: issued,
  };
  for (const claim of args.slice(1)) {
    const [name = '', ...value] = claim.split('=');
    const text = value.join('=');
    claims[name] = /^\d+$/.test(text) ? Number(text) : text;
  }
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signature = random.bytes(SIGNATURE_BYTES[algorithm] ?? 32).toString('base64url');
  return `${encode({ alg: algorithm, typ: 'JWT' })}.${encode(claims)}.${signature}`;
}

function onePasswordService(_: readonly string[], random: Random): string {
  return Buffer.from(
    JSON.stringify({
      signInAddress: `${random.text(LOWER, 7)}.1password.com`,
      userAuth: { method: 'SRPg-4096', alg: 'PBES2g-HS256', iterations: 650000, salt: random.text(BASE64URL, 22) },
      email: `${random.text(LOWER + DIGITS, 13)}@1passwordserviceaccounts.com`,
      srpX: random.text(HEX, 64),
      muk: { alg: 'A256GCM', ext: true, k: random.text(BASE64URL, 43), kty: 'oct' },
      secretKey: `A3-${random.text('ABCDEFGHJKLMNPQRSTVWXYZ23456789', 31)}`,
      deviceUuid: random.text(LOWER + DIGITS, 26),
    }),
  ).toString('base64url');
}

function sentryOrganisation(_: readonly string[], random: Random): string {
  const issued = 1_690_000_000 + random.integer(10_000_000) + 0.5;
  const claims = {
    iat: issued,
    url: 'https://sentry.io',
    region_url: 'https://us.sentry.io',
    org: random.text(LOWER, 8),
  };
  return `${base64Json(claims)}_${random.text(BASE64, 43)}`;
}

/** A version 2 macaroon: location, identifier, one caveat, signature (libmacaroons binary format). */
function pypiMacaroon(args: readonly string[], random: Random): string {
  const field = (type: number, data: Buffer): Buffer => Buffer.concat([Buffer.from([type, data.length]), data]);
  const identifier = `${random.text(HEX, 8)}-${random.text(HEX, 4)}-4${random.text(HEX, 3)}-9${random.text(HEX, 3)}-${random.text(HEX, 12)}`;
  const end = Buffer.from([0]);
  return Buffer.concat([
    Buffer.from([2]),
    field(1, Buffer.from(args[0] ?? 'pypi.org')),
    field(2, Buffer.from(identifier)),
    end,
    field(2, Buffer.from(JSON.stringify({ version: 1, permissions: 'user' }))),
    end,
    end,
    field(6, random.bytes(32)),
  ]).toString('base64url');
}
