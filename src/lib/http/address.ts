import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** Addresses that are never a public service: private, loopback, link-local (cloud metadata), reserved, multicast. */
const RESERVED_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
];
/** IPv6 forms that carry an IPv4 address (mapped, NAT64, 6to4, Teredo) are refused whole: no provider needs them. */
const RESERVED_V6: readonly (readonly [string, number])[] = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
];

/** True when an IP address (without brackets) is not a public one. Text that is no address counts as not public. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  return family === 4
    ? listOf(RESERVED_V4, 'ipv4').check(address, 'ipv4')
    : listOf(RESERVED_V6, 'ipv6').check(address, 'ipv6');
}

/** True for `localhost` and loopback addresses, as `URL.hostname` writes them. */
export function isLoopbackHost(hostname: string): boolean {
  const bare = stripBrackets(hostname);
  return bare === 'localhost' || bare === '::1' || /^127\.\d+\.\d+\.\d+$/.test(bare);
}

/** Every address of a host. A literal address is its own; a name that does not resolve has none. */
export async function resolveHost(hostname: string): Promise<readonly string[]> {
  const bare = stripBrackets(hostname);
  if (isIP(bare) !== 0) return [bare];
  const entries = await lookup(bare, { all: true }).catch(() => []);
  return entries.map((entry) => entry.address);
}

function stripBrackets(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

/** One list per family: a list with IPv4-mapped ranges in it would match every IPv4 address. */
function listOf(nets: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [net, bits] of nets) list.addSubnet(net, bits, family);
  return list;
}
