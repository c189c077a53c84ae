export const COLLECTOR = 'github';
/** Its name in messages. */
export const PROVIDER = 'GitHub';
export const PUBLIC_API = 'https://api.github.com';
/** Names the API of an installation: `https://<host>/api/v3`. */
export const API_VARIABLE = 'GITHUB_API_URL';
