import type { Endpoint } from '../../shared/api/endpoint.ts';
import * as schema from '../schema.ts';
import * as alerts from '../schemas/alerts.ts';

const ALERTS =
  'repository Secret scanning alerts: read (classic: security_events), as administrator or security manager';

/** `hide_secret`: the values stay at GitHub. A server that does not know it sends them, and they are dropped. */
export const listOrganisationAlerts: Endpoint<alerts.Alert> = {
  id: 'organisation-secret-alerts',
  route: '/orgs/{org}/secret-scanning/alerts',
  query: { hide_secret: 'true' },
  needs: ALERTS,
  without: 'whether GitHub knows a found secret, and whether it is active or publicly leaked',
  level: 'optional',
  form: 'list',
  shape: alerts.alert,
};

export const listRepositoryAlerts: Endpoint<alerts.Alert> = {
  ...listOrganisationAlerts,
  id: 'secret-alerts',
  route: '/repos/{owner}/{repo}/secret-scanning/alerts',
  // GitHub answers 404 where secret scanning is off.
  mayBeAbsent: true,
};

export const listAlertLocations: Endpoint<alerts.AlertLocation> = {
  id: 'secret-alert-locations',
  route: '/repos/{owner}/{repo}/secret-scanning/alerts/{alert}/locations',
  needs: ALERTS,
  without: 'the further places of a secret that GitHub found',
  level: 'optional',
  form: 'list',
  shape: alerts.alertLocation,
};

export const listOutsideAdmins: Endpoint<schema.Member> = {
  id: 'outside-administrators',
  route: '/repos/{owner}/{repo}/collaborators',
  query: { affiliation: 'outside', permission: 'admin' },
  needs: 'repository Metadata: read, as a member with write access (classic: repo and read:org)',
  without: 'which people from outside administer repositories',
  level: 'optional',
  form: 'list',
  shape: schema.member,
};

export const listBranchRules: Endpoint<schema.BranchRule> = {
  id: 'branch-rules',
  route: '/repos/{owner}/{repo}/rules/branches/{branch}',
  needs: 'repository Metadata: read (classic: repo)',
  without: 'whether rulesets ask for a review before something reaches the default branch',
  level: 'optional',
  form: 'list',
  shape: schema.branchRule,
};

export const getBranch: Endpoint<schema.Branch> = {
  id: 'default-branch',
  route: '/repos/{owner}/{repo}/branches/{branch}',
  needs: 'repository Contents: read (classic: repo)',
  without: 'whether the default branch is protected at all',
  level: 'optional',
  // An empty repository has no branch.
  mayBeAbsent: true,
  form: 'body',
  shape: schema.branch,
};

export const getPublisher: Endpoint<schema.Publisher> = {
  id: 'app-publishers',
  route: '/orgs/{publisher}',
  needs: 'no permission: what GitHub shows of an organisation to everybody',
  without: 'whether the maker of an app proved who it is',
  level: 'optional',
  mayBeAbsent: true,
  form: 'body',
  shape: schema.publisher,
};
