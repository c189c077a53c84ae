import type { Permission } from '../contract.ts';
import { permissionOf } from '../shared/api/endpoint.ts';
import { ORGANISATION_ENDPOINTS } from './endpoints/organisation.ts';
import { REPOSITORY_ENDPOINTS } from './endpoints/repository.ts';

/** What `doctor github` lists. */
export const PERMISSIONS: readonly Permission[] = [...ORGANISATION_ENDPOINTS, ...REPOSITORY_ENDPOINTS].map(
  permissionOf,
);
