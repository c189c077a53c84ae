/** Makes calls of a function wait for each other, in their order. A failed call does not hold up the next one. */
export function serial<A, B>(call: (argument: A) => Promise<B>): (argument: A) => Promise<B> {
  let last: Promise<unknown> = Promise.resolve();
  return (argument) => {
    const next = last.then(() => call(argument));
    last = next.catch(() => undefined);
    return next;
  };
}
