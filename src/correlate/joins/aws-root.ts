import type { Attribute } from '../../model/identity.ts';
import { defineJoin } from '../contract.ts';
import { computed } from '../shared/attributes.ts';

/** ARN of an IAM user or of the root user, in any partition. */
const PRINCIPAL = /^arn:aws[a-z-]*:iam::\d{12}:(?:root$|user\/)/;

/** Which AWS users are the root user of their account, and which keys are its own. Only an ARN can tell. */
export default defineJoin({
  id: 'aws-root',
  title: 'root users of AWS accounts and their keys',
  join({ identities, pending }) {
    const attributes = new Map<string, Readonly<Record<string, Attribute>>>();
    const keys = new Map(
      identities.flatMap((identity) => identity.keys.map((key) => [`${key.kind}\n${key.value}`, identity.id])),
    );
    for (const { id, type } of identities) {
      if (type === 'iam_user' && PRINCIPAL.test(id)) attributes.set(id, rootFact(id));
    }
    for (const edge of pending) {
      const credential = keys.get(`${edge.toKey.kind}\n${edge.toKey.value}`) ?? edge.toKey.value;
      if (edge.kind !== 'has-credential' || edge.reversed === true || !PRINCIPAL.test(edge.from)) continue;
      attributes.set(credential, rootFact(edge.from));
    }
    return { edges: [], attributes };
  },
});

function rootFact(principal: string): Readonly<Record<string, Attribute>> {
  return computed('join aws-root', { isRoot: principal.endsWith(':root') });
}
