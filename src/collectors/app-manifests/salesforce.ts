import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { childText, elementsNamed, readXml } from '../shared/client-files/xml.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import type { PlacedDocument } from '../shared/placed-documents.ts';
import { addApp } from './app.ts';

/** Addresses of users, or of trusted ranges, are asked for where the relaxation says so. */
const ENFORCED = /^ENFORCE/i;

/** Reads a connected app of Salesforce: scopes, who may use it from where, and how long its refresh tokens live. */
export function readConnectedApp(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const { root, problem } = readXml(file.text);
  const gaps = problem === undefined ? [] : [file.gap(problem.line, problem.message)];
  if (root?.name !== 'ConnectedApp') return gaps;
  const [oauth] = elementsNamed(root, 'oauthConfig');
  const [policy] = elementsNamed(root, 'oauthPolicy');
  const relaxation = policy && childText(policy, 'ipRelaxation');
  const refresh = policy && childText(policy, 'refreshTokenPolicy');
  const approved = oauth && childText(oauth, 'isAdminApproved');
  const line = oauth?.line ?? root.line;
  const document: PlacedDocument = {
    path: file.path,
    repository: file.repository,
    value: {},
    evidence: () => file.evidence(line),
  };
  addApp(
    drafts,
    document,
    {
      provider: 'salesforce',
      name: childText(root, 'label') ?? childText(root, 'fullName'),
      scopes: oauth === undefined ? undefined : elementsNamed(oauth, 'scopes').map(({ text }) => text.trim()),
      redirects:
        oauth === undefined ? [] : (childText(oauth, 'callbackUrl') ?? '').split(/\s+/).filter((url) => url !== ''),
      facts: {
        networkRestricted: relaxation === undefined ? undefined : ENFORCED.test(relaxation),
        rotation: refresh === 'infinite' ? 'none' : undefined,
        anyUser: approved === undefined ? undefined : approved !== 'true',
      },
    },
    [],
  );
  return gaps;
}
