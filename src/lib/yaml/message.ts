/**
 * What the parser of YAML says about a text, without the text: an unquoted password may look like an alias or a tag.
 */
export function describeYamlError(error: unknown): string {
  if (!(error instanceof Error)) return 'not YAML';
  const [line = ''] = error.message.split('\n');
  if (/excessive alias/i.test(line)) return 'too many aliases (*name); write the values out instead of aliases';
  if (/alias/i.test(line))
    return 'an alias (*name) without its anchor (&name) before it; quote a text that begins with *';
  // Behind a colon the parser quotes what it met.
  const said = line.replace(/["'`].*$|: \S.*$/, '').trim();
  return said === '' ? 'not YAML' : said;
}
