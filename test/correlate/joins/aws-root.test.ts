import { describe, expect, it } from 'vitest';
import awsRoot from '../../../src/correlate/joins/aws-root.ts';
import { joinContract } from '../../contract/join-contract.ts';
import { identityOf, joinInputOf, KEY_ID, pendingOf } from '../build.ts';

describe('aws-root', () => {
  it('tells the root user and its keys from other users, and says nothing of declared ones', () => {
    const root = 'arn:aws:iam::123456789012:root';
    const kim = 'arn:aws-cn:iam::123456789012:user/team/root';
    const key = { kind: 'aws-access-key-id', value: KEY_ID };
    const identities = [
      identityOf('iam_user', root),
      identityOf('iam_user', kim),
      identityOf('iam_user', 'terraform:acme/app:aws_iam_user.root'),
      identityOf('access_key', 'key:of-root', {}, [key]),
      identityOf('access_key', 'key:of-kim'),
    ];
    const pending = [
      pendingOf(root, 'has-credential', key),
      pendingOf(kim, 'has-credential', { kind: 'identity', value: 'key:of-kim' }),
      pendingOf(root, 'uses', { kind: 'identity', value: 'key:of-kim' }),
    ];
    const { attributes } = awsRoot.join(joinInputOf({ identities, pending }));
    expect([...attributes].map(([id, added]) => [id, added['isRoot']?.value])).toEqual([
      [root, true],
      [kim, false],
      ['key:of-root', true],
      ['key:of-kim', false],
    ]);
  });
});

joinContract(
  awsRoot,
  joinInputOf({
    identities: [identityOf('iam_user', 'arn:aws:iam::123456789012:root'), identityOf('access_key', 'key:of-root')],
    pending: [
      pendingOf('arn:aws:iam::123456789012:root', 'has-credential', { kind: 'identity', value: 'key:of-root' }),
    ],
  }),
);
