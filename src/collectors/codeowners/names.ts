/** Where hosts look for the file. The first that exists counts (documentation of GitHub and GitLab). */
export const OWNER_FILES: readonly string[] = [
  '.github/CODEOWNERS',
  '.gitlab/CODEOWNERS',
  'CODEOWNERS',
  'docs/CODEOWNERS',
];
/** The entry of a component in Backstage. */
export const CATALOGUE = 'catalog-info.yaml';
