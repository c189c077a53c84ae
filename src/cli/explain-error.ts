import { EXIT } from '../engine/judge/summary.ts';
import { ConfigError, ProviderError, UsageError } from '../model/errors.ts';
import type { CliIo } from './io.ts';

/** Prints what went wrong and returns the exit code. What the user can fix is one message; a bug has its stack. */
export function explainError(error: unknown, io: CliIo): number {
  if (error instanceof UsageError || error instanceof ConfigError) {
    io.stderr(`bowerbird: ${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof ProviderError) {
    io.stderr(`bowerbird: ${error.message}\n`);
    return EXIT.incomplete;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr(
    `bowerbird: this is a bug. Please report it with the lines below (they hold no secret values).\n${stack}\n`,
  );
  return EXIT.bug;
}
