const SIZE = 16 * 1024;
const SINGLES = ['a', 'A', '0', 'x', '-', '_', '=', '.', '/', ' ', '\n', '"', ':'];

/** Texts that make a careless pattern slow: near misses, cut starts and runs of one character, each 16 KiB. */
export function adversarialTexts(
  positives: readonly string[],
): readonly { readonly name: string; readonly text: string }[] {
  const texts = SINGLES.map((unit) => ({ name: JSON.stringify(unit), text: fill(unit) }));
  for (const [index, positive] of positives.slice(0, 3).entries()) {
    const example = Buffer.from(positive).toString('latin1');
    const name = `example ${index + 1}`;
    texts.push(
      { name: `${name} without its last character`, text: fill(example.slice(0, -1)) },
      { name: `the first half of ${name}`, text: fill(example.slice(0, example.length / 2)) },
      { name: `the first eight characters of ${name}`, text: fill(example.slice(0, 8)) },
      { name: `the start of ${name} and a long run`, text: example.slice(0, 12) + fill(example.at(-2) ?? 'a') },
      { name: `${name} itself`, text: fill(`${example}\n`) },
    );
  }
  return texts;
}

/** Milliseconds of the fastest of up to five runs; stops at the first run within the budget, so a busy machine is no failure. */
export function fastestRun(run: () => void, budget: number): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 5 && fastest >= budget; attempt++) {
    const start = performance.now();
    run();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return Math.round(fastest);
}

function fill(unit: string): string {
  return unit === '' ? '' : unit.repeat(Math.ceil(SIZE / unit.length)).slice(0, SIZE);
}
