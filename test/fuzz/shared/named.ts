/** A file as one input: its name, a line end, its content. So a mutated file keeps its place, or gets another one. */
export function nameInput(name: string, content: string | Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${name}\n`), Buffer.from(content)]);
}

/** The name and content of such an input; where the name is none of `names`, one of them takes the whole input. */
export function readNamed(
  input: Buffer,
  names: readonly string[],
): { readonly name: string; readonly content: Buffer } {
  const end = input.indexOf(10);
  const name = input.toString('utf8', 0, Math.max(0, end));
  if (names.includes(name)) return { name, content: input.subarray(end + 1) };
  return { name: names[input.length % names.length] ?? '', content: input };
}
