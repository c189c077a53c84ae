import type { PrivilegeTier } from '../../model/identity.ts';

interface Row {
  readonly tier: PrivilegeTier;
  readonly pattern: RegExp;
}

const row = (tier: PrivilegeTier, pattern: RegExp): Row => ({ tier, pattern });

/**
 * Scopes that reach further than one part of a service, by provider: administration (tier 1), and what all people wrote
 * or stored (tier 2). The first row that fits counts. https://docs.slack.dev/reference/scopes,
 * https://developers.google.com/identity/protocols/oauth2/scopes,
 * https://developer.chrome.com/docs/extensions/reference/permissions-list,
 * https://developer.atlassian.com/cloud/jira/platform/scopes-for-connect-apps/,
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_tokens_scopes.htm
 */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  slack: [
    row(1, /^admin(?:\.[\w.]+)?(?::write)?$/),
    row(2, /^(?:channels|groups|im|mpim):history$|^search:read|^files:read$|^auditlogs:read$|^discovery:/),
  ],
  google: [
    row(0, /\/auth\/admin\.directory\.(?:user|group|rolemanagement)(?:\.security)?$/),
    row(
      1,
      /\/auth\/(?:cloud-platform|compute|admin\.directory\.[\w.]+(?<!\.readonly))$|\/auth\/apps\.groups\.settings$/,
    ),
    row(
      2,
      /^https:\/\/mail\.google\.com\/?$|\/auth\/(?:gmail\.(?:modify|readonly|compose|settings\.\w+)|drive(?:\.readonly)?|contacts|calendar|devstorage\.full_control|bigquery|cloud-platform\.read-only)$/,
    ),
  ],
  chrome: [row(2, /^<all_urls>$|^(?:\*|https?):\/\/\*\/|^debugger$|^nativeMessaging$|^proxy$/)],
  atlassian: [
    row(
      1,
      /^(?:ADMIN|PROJECT_ADMIN|SPACE_ADMIN|ACT_AS_USER)$|^(?:manage:(?:jira-configuration|jira-project|servicedesk|confluence-configuration)|admin:)/i,
    ),
    row(2, /^(?:impersonate:|read:(?:jira-work|confluence-content\.all)$)/),
  ],
  salesforce: [row(1, /^(?:Full|Web)$/), row(2, /^(?:Api|Wave|CDPQuery|Chatter)$/)],
  microsoft: [row(2, /^(?:ChannelMessage|ChatMessage|Chat|Calls|OnlineMeeting\w*)\.(?:Read|ReadWrite|AccessMedia)/)],
  shopify: [row(1, /^write_users$/), row(2, /^(?:read|write)_(?:all_orders|customers|orders|users)$/)],
};

/** The tier of a scope that reaches far; undefined for any other. */
export function tierOfScope(provider: string, scope: string): PrivilegeTier | undefined {
  return ROWS[provider]?.find(({ pattern }) => pattern.test(scope))?.tier;
}
