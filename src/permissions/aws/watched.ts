import { serviceOf } from './action-list.ts';
import { CREDENTIAL_ACTIONS, DATA_ACTIONS, ESCALATIONS, MEMBERSHIP_ACTIONS } from './actions.ts';
import { PERMISSION_ACTIONS } from './tables.ts';

/** Actions that a power is made of, in lower case, by service. */
export type Watched = ReadonlyMap<string, readonly string[]>;

/** Gathers the actions that a power is made of. */
export function watchActions(): Watched {
  const actions = [
    ...ESCALATIONS.flatMap((escalation) => escalation.actions),
    ...CREDENTIAL_ACTIONS,
    ...DATA_ACTIONS,
    ...MEMBERSHIP_ACTIONS,
    ...PERMISSION_ACTIONS,
  ];
  const services = new Map<string, string[]>();
  for (const action of new Set(actions.map((name) => name.toLowerCase()))) {
    const own = services.get(serviceOf(action));
    if (own === undefined) services.set(serviceOf(action), [action]);
    else own.push(action);
  }
  return services;
}
