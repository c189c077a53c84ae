import { defineDecoder } from './contract.ts';
import { containerGap } from './shared/container.ts';
import { unopenedFormat } from './shared/unopened-formats.ts';

/** Opens nothing: says of a file that its format hides what it holds, at any depth. */
export default defineDecoder({
  id: 'unopened',
  title: 'Archives, databases and encrypted files that are not opened',
  form: 'container',
  accepts: ({ bytes }) => unopenedFormat(bytes) !== undefined,
  decode: function* (artifact) {
    const name = unopenedFormat(artifact.bytes);
    if (name !== undefined) yield containerGap(artifact, 'unsupported', `${name} was not opened`);
  },
});
