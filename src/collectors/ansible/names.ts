const CONFIGURATION = /(?:^|\/)\.?ansible\.cfg$/;
/** Variables of a group or a host; their files may have no ending. */
const VARIABLES = /(?:^|\/)(?:group|host)_vars\/(?:[^/]+\/)*[^/.]+(?:\.(?:ya?ml|json))?$/;
const INVENTORY =
  /(?:^|\/)(?:(?:hosts|inventory)(?:[._-][\w.-]+)?|[\w-]*inventory[\w-]*\.(?:ini|ya?ml)|inventor(?:y|ies)\/(?:[^/]+\/)*[^/.]+(?:\.(?:ini|ya?ml|cfg))?)$/i;

export type ReaderName = 'configuration' | 'variables' | 'inventory';

/** The reader of a file, by its path. */
export function readerOf(path: string): ReaderName | undefined {
  if (CONFIGURATION.test(path)) return 'configuration';
  if (VARIABLES.test(path)) return 'variables';
  return INVENTORY.test(path) && !/\.(?:js|jsx|ts|tsx|py|go|java|html?|css|md|php|rb|sql|csv|txt|png)$/i.test(path)
    ? 'inventory'
    : undefined;
}

/** What variables of a file are about: the group or the host that its name says. */
export function scopeOfVariables(path: string): string {
  const [, scope = ''] = /(?:group|host)_vars\/([^/]+)/.exec(path) ?? [];
  return scope.replace(/\.(?:ya?ml|json)$/, '');
}
