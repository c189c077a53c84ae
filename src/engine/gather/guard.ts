/** Passes on what a plug-in yields. When it throws, yields one last item made of the error. */
export async function* guardItems<T>(items: AsyncIterable<T>, last: (error: unknown) => T): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    yield last(error);
  }
}
