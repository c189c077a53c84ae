import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { readToml } from '../shared/client-files/toml.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { asObject, asText, asTexts } from '../shared/loose.ts';
import { addApp } from './app.ts';

/** Reads `shopify.app.toml`: what an app asks of a shop. */
export async function readShopify(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  const toml = await readToml(file);
  if (!('value' in toml)) return [toml];
  const { value } = toml;
  const evidence = () => file.evidence(toml.lineOf('access_scopes'));
  const id = asText(value['client_id']) ?? '';
  addApp(
    drafts,
    { path: file.path, repository: file.repository, value, evidence },
    {
      provider: 'shopify',
      id: /^[0-9a-f]{16,64}$/.test(id) ? `shopify:app:${id}` : undefined,
      name: asText(value['name']),
      scopes: (asText(asObject(value['access_scopes'])['scopes']) ?? '')
        .split(/[\s,]+/)
        .filter((scope) => scope !== ''),
      redirects: asTexts(asObject(value['auth'])['redirect_urls']),
    },
    [],
  );
  return [];
}
