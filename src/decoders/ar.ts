import type { Artifact } from '../model/artifact.ts';
import { type DecodeBudget, type Decoded, defineDecoder } from './contract.ts';
import { containerGap } from './shared/container.ts';
import { giveFile } from './shared/entries.ts';

const MAGIC = Buffer.from('!<arch>\n');
const HEADER = 60;

/** ar archives: Debian packages and static libraries. System V and BSD long names (ar(5)). */
export default defineDecoder({
  id: 'ar',
  title: 'ar archive, Debian package',
  form: 'container',
  begins: [0x21],
  accepts: ({ bytes }) =>
    bytes[0] === MAGIC[0] && bytes[1] === MAGIC[1] && MAGIC.equals(bytes.subarray(0, MAGIC.length)),
  decode,
});

function* decode(artifact: Artifact, budget: DecodeBudget): Generator<Decoded> {
  const { bytes } = artifact;
  let at = MAGIC.length;
  let names = '';
  while (at + HEADER <= bytes.length) {
    const header = Buffer.from(bytes.subarray(at, at + HEADER)).toString('latin1');
    const size = Number(header.slice(48, 58).trim());
    if (!header.endsWith('`\n') || !Number.isSafeInteger(size) || size < 0) return yield damaged(artifact);
    const whole = bytes.subarray(at + HEADER, at + HEADER + size);
    const { name, data } = nameMember(header.slice(0, 16).trimEnd(), whole, names);
    if (name === '//') names = Buffer.from(data).toString('utf8');
    else if (!(yield* giveFile('ar', artifact, { name, data }, budget))) return;
    at += HEADER + size + (size % 2);
  }
  if (at > bytes.length + 1 || bytes.length - at > 1) yield damaged(artifact);
}

function damaged(artifact: Artifact): Decoded {
  return containerGap(artifact, 'corrupt', 'the ar data is damaged or cut off');
}

/** `/12` stands for a line of the member `//`, `#1/12` for as many bytes before the data. */
function nameMember(
  name: string,
  data: Uint8Array,
  names: string,
): { readonly name: string; readonly data: Uint8Array } {
  const [, line] = /^\/(\d+)$/.exec(name) ?? [];
  if (line !== undefined) return { name: names.slice(Number(line)).split(/\/?\n/)[0] ?? name, data };
  const [, length] = /^#1\/(\d+)$/.exec(name) ?? [];
  if (length === undefined)
    return { name: name.length > 1 && !name.startsWith('/') ? name.replace(/\/$/, '') : name, data };
  const own = Buffer.from(data.subarray(0, Number(length)))
    .toString('utf8')
    .replaceAll('\0', '');
  return { name: own, data: data.subarray(Number(length)) };
}
