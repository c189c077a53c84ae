const STORE = /\.(?:p12|pfx|jks|keystore|bcfks)$/i;
const PROFILE = /\.(?:mobileprovision|provisionprofile)$/i;
const FIREBASE = /(?:^|\/)(?:google-services(?:[._-][\w.-]+)?\.json|GoogleService-Info(?:[._-][\w.-]+)?\.plist)$/;

/** The reader of a file, by its path. */
export function readerOf(path: string): 'store' | 'profile' | 'firebase' | undefined {
  if (STORE.test(path)) return 'store';
  if (PROFILE.test(path)) return 'profile';
  return FIREBASE.test(path) ? 'firebase' : undefined;
}
