/** Goes on with what a plug-in gives until it throws; then with one last item made of the error. */
export async function* guardItems<T>(items: AsyncIterable<T>, last: (error: unknown) => T): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    yield last(error);
  }
}

/** The same for items that are there at once. */
export function* guardIterable<T>(items: Iterable<T>, last: (error: unknown) => T): Generator<T> {
  try {
    yield* items;
  } catch (error) {
    yield last(error);
  }
}
