/** The readers by name, and the paths of their files. */
const READERS = {
  npm: /(?:^|\/)\.?npmrc$/,
  yarn: /(?:^|\/)\.yarnrc\.ya?ml$/,
  python: /(?:^|\/)(?:\.pypirc|pip\.(?:conf|ini))$/,
  nuget: /(?:^|\/)nuget\.config$/i,
  maven: /(?:^|\/)(?:[^/]*[._-])?settings(?:[._-][^/]*)?\.xml$/,
  gradle: /(?:^|\/)gradle\.properties$/,
  rubygems: /(?:^|\/)\.gem\/credentials$/,
  cargo: /(?:^|\/)\.cargo\/(?:credentials|config)(?:\.toml)?$/,
  composer: /(?:^|\/)auth\.json$/,
  docker:
    /(?:^|\/)(?:\.docker\/config\.json|\.dockercfg|\.?dockerconfig(?:json|\.json)|helm\/registry(?:\/config)?\.json)$/,
  terraform: /(?:^|\/)(?:\.terraformrc|terraform\.rc|[^/]*\.tfrc|credentials\.tfrc\.json)$/,
} as const;

export type ReaderName = keyof typeof READERS;

/** The reader of a file, by its path. */
export function readerOf(path: string): ReaderName | undefined {
  // Nearly all paths end in another way.
  if (!/(?:rc|rc\.ya?ml|conf|ini|config|xml|properties|credentials|toml|json|cfg)$/i.test(path)) return undefined;
  return (Object.keys(READERS) as ReaderName[]).find((name) => READERS[name].test(path));
}
