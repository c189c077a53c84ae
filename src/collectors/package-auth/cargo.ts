import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { addRegistryCredential } from '../shared/client-files/registry-credential.ts';
import { readToml } from '../shared/client-files/toml.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';

const DEFAULT_REGISTRY = 'https://crates.io';

/** Reads `.cargo/credentials.toml`, and tokens in `.cargo/config.toml`. */
export async function readCargo(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  const toml = await readToml(file);
  if ('reason' in toml) return [toml];
  const add = (settings: Loose, url: string, line: number): void => {
    const secrets = [asText(settings['token']), asText(settings['secret-key'])];
    addRegistryCredential(file, drafts, { ecosystem: 'cargo', url, secrets, authMethod: 'static_secret', line });
  };
  add(asObject(toml.value['registry']), DEFAULT_REGISTRY, toml.lineOf('registry'));
  for (const [name, settings] of Object.entries(asObject(toml.value['registries']))) {
    const index = asText(asObject(settings)['index'])?.replace(/^(?:sparse|registry)\+/, '');
    add(asObject(settings), index ?? name, toml.lineOf(name));
  }
  return [];
}
