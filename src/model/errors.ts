/** The user asked for something that cannot be done. Exit 2, message only. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A file the user wrote is wrong. Exit 2; the message names file, line and what to write instead. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** A provider or the outside world failed. Becomes a gap or the verdict "unknown", never a crash. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly status: number | undefined;

  constructor(message: string, options: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.status = options.status;
  }
}
