/** Its name in messages. */
export const PROVIDER = 'GitHub';
export const PUBLIC_API = 'https://api.github.com';
/** Names the API of an installation: `https://<host>/api/v3`. */
export const API_VARIABLE = 'GITHUB_API_URL';
/** An Enterprise Server has its API below this path. */
export const SERVER_PATH = '/api/v3';
export const API_VERSION = '2022-11-28';

/** Returns where the API takes GraphQL queries. An Enterprise Server takes them beside its REST API. */
export function graphqlUrl(baseUrl: string): string {
  const bare = baseUrl.endsWith(SERVER_PATH) ? baseUrl.slice(0, -'/v3'.length) : baseUrl;
  return `${bare}/graphql`;
}
