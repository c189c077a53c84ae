/**
 * Runs `work` over items with at most `width` at a time and returns the results in the order of the items, so that the
 * output does not depend on which answer comes first.
 */
export async function* inOrder<A, B>(
  items: readonly A[],
  width: number,
  work: (item: A) => Promise<B>,
): AsyncGenerator<B> {
  const running: Promise<B>[] = [];
  let next = 0;
  try {
    while (next < items.length || running.length > 0) {
      while (running.length < width && next < items.length) {
        running.push(work(items[next] as A));
        next += 1;
      }
      const first = running.shift();
      if (first !== undefined) yield await first;
    }
  } finally {
    // The caller stopped early. Requests that still run must not end as unhandled rejections.
    await Promise.allSettled(running);
  }
}
