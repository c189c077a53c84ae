/** Facts about the last use. For GitHub, null means "never". An absent field means nothing. */
export function useOf(last: string | null | undefined): { readonly lastUsedAt?: string; readonly neverUsed?: boolean } {
  if (last === undefined) return {};
  return last === null ? { neverUsed: true } : { neverUsed: false, lastUsedAt: last };
}

/** Facts from the audit log, where it knows a later use than the credential's own list (which can lag for hours). */
export function laterUse(
  listed: string | null | undefined,
  logged: string | undefined,
): { readonly lastUsedAt?: string; readonly neverUsed?: boolean; readonly audited?: boolean } {
  if (logged === undefined) return {};
  const later = listed === undefined || listed === null || listed < logged;
  return later ? { lastUsedAt: logged, neverUsed: false, audited: true } : { audited: true };
}
