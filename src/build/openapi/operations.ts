import { ORGANISATION_ENDPOINTS } from '../../collectors/github/endpoints/organisation.ts';
import { REPOSITORY_ENDPOINTS } from '../../collectors/github/endpoints/repository.ts';

/** What the client of an App, the organisation scan and comments on pull requests ask of GitHub. */
const OTHERS: readonly string[] = [
  'GET /orgs/{org}/repos',
  'GET /orgs/{org}/installation',
  'GET /users/{username}/installation',
  'POST /app/installations/{installation_id}/access_tokens',
  'GET /user',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}',
];

/** Every operation of GitHub that Bowerbird uses, by method and route. */
export function githubOperations(): readonly string[] {
  const routes = [...ORGANISATION_ENDPOINTS, ...REPOSITORY_ENDPOINTS].map(({ route }) => `GET ${route}`);
  return [...new Set([...routes, ...OTHERS])].sort();
}
