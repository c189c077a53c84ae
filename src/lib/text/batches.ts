/** Joins pieces to texts of about `size` characters: what takes a text each time it is called gets fewer of them. */
export function* joinBatches(pieces: Iterable<string>, size: number, separator = ''): Generator<string> {
  let [batch, length]: [string[], number] = [[], 0];
  for (const piece of pieces) {
    batch.push(piece);
    length += piece.length;
    if (length < size) continue;
    yield batch.join(separator);
    [batch, length] = [[], 0];
  }
  if (batch.length > 0) yield batch.join(separator);
}
