import { it, type TestAPI, type TestContext } from 'vitest';

/** How a rare test is written: the forms of `it` that the tests use. */
type Rarely = Pick<TestAPI, 'each' | 'for'> &
  ((name: string, test: (context: TestContext) => void | Promise<void>, timeout?: number) => void);

/** Takes what `it` takes, and makes no test of it. */
const NO_TEST: Rarely = Object.assign(() => undefined, { each: () => () => undefined, for: () => () => undefined });

/** True in every lane, and where a person asks for the rare tests. */
export const inLane = process.env['BOWERBIRD_TEST_LANE'] !== undefined;

/**
 * Like `it`, for a rare shape of something that the same file tests in its common shape. `npm test` leaves it out, to be
 * fast, and every lane runs it. The lane `rare` finds the files by themselves, through the import. With
 * `BOWERBIRD_TEST_LANE=rare npx vitest run <file>` a person does.
 */
export const itRarely: Rarely = inLane ? it : NO_TEST;
