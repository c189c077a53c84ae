import { AWS_ACTIONS } from './aws-actions.ts';
import { AWS_MANAGED } from './aws-managed.ts';
import { AZURE_ROLES, GRAPH_ROLES } from './azure.ts';
import { GCP_ROLES } from './gcp.ts';
import { KUBERNETES_ROLES } from './kubernetes.ts';
import type { Refresh } from './model.ts';

/** Every table of permissions that a package gives. */
export const REFRESHES: readonly Refresh[] = [
  AWS_ACTIONS,
  AWS_MANAGED,
  AZURE_ROLES,
  GCP_ROLES,
  GRAPH_ROLES,
  KUBERNETES_ROLES,
];
