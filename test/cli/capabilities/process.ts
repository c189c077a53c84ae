import type { Capability } from './rows.ts';

/** Rows about how the tool is used, and what it gives to others. */
export const PROCESS: readonly Capability[] = [
  [15, 'activity as it happens', 'no', 'last use is known; nothing is watched'],
  [16, 'activity to download', 'table', /^"arn:aws:iam[^\n]*"20\d\d-[^"]*","20\d\d-[^"]*"/m],
  [17, 'a trail for audits', 'json', /"source":"GET \/orgs\/\{org\}\/audit-log/],
  [48, 'education by role', 'no', 'each rule has one voice'],
  [49, 'engineers stop before they commit', 'staged', /Stripe live secret key in config\/copy\.env/],
  [50, 'operations plan rotations', 'no', 'there is no calendar'],
  [51, 'news and workshops', 'no', 'reports go to files and pull requests'],
  [52, 'feedback', 'ignore', /accepted|added|\.bowerbirdignore/i],
  [53, 'shared responsibility', 'no', 'owners are named; there is no score over time'],
  [67, 'logs for a SIEM', 'jsonl', /^\{.*"ruleId".*\}$/m],
  [68, 'objectives and procedures', 'no', 'thresholds are set; objectives are not'],
  [69, 'collect, analyse, report', 'scan', /Coverage\n {2}ok {6}dump:aws-acme/],
  [70, 'abnormal behaviour', 'no', 'behaviour is not seen'],
  [72, 'one interface for other tools', 'sarif', /"version": "2\.1\.0"/],
  [73, 'compliance from end to end', 'no', 'only the ids of OWASP'],
  [78, 'stolen tokens stay unseen', 'no', 'whether use is logged is known for GitHub only'],
  [
    99,
    'one policy for all',
    'inventory',
    /IAM user \(\d+\)[\s\S]*Identity can become administrator[\s\S]*Bearer token \(\d+\)[\s\S]*Identity can become administrator/,
  ],
  [100, 'rules for vaults and rotation', 'inventory', /Stored secret is declared without its rotation/],
  [103, 'access adapts to behaviour', 'no', 'behaviour is not seen'],
  [106, 'how much is vaulted and rotated', 'no', 'no figure is told'],
  [116, 'volume is reduced', 'scan', /Stripe live secret key in config\/production\.env and \d more places/],
  [117, 'what is usual', 'no', 'behaviour is not seen'],
  [123, 'audit in one place', 'no', 'runs have no history'],
];
