import { attributeNamed, readHcl } from '../../lib/hcl/index.ts';
import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { addRegistryCredential } from '../shared/client-files/registry-credential.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { asObject, asText } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';

/** Reads `.terraformrc` (HCL) and `credentials.tfrc.json`: a token for each host. */
export async function readTerraform(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  return file.path.endsWith('.json') ? readJson(file, drafts) : readSource(file, drafts);
}

function readSource(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const { body, problems, positionAt } = readHcl(file.text);
  for (const block of body.blocks) {
    const [host] = block.labels;
    if (block.type !== 'credentials' || host === undefined) continue;
    const token = attributeNamed(block.body, 'token')?.value;
    addToken(file, drafts, host, token?.kind === 'string' ? token.value : undefined, positionAt(block.start).line);
  }
  return problems.slice(0, 1).map(({ line, message }) => file.gap(line, message));
}

async function readJson(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  const { documents, gaps } = await readYamlDocuments({ origin: file.origin, bytes: Buffer.from(file.text) });
  for (const document of documents) {
    for (const [host, settings] of Object.entries(asObject(asObject(document.value)['credentials']))) {
      const line = document.place(['credentials', host], 'key').start.line;
      addToken(file, drafts, host, asText(asObject(settings)['token']), line);
    }
  }
  return gaps;
}

function addToken(file: ClientFile, drafts: Drafts, url: string, token: string | undefined, line: number): void {
  addRegistryCredential(file, drafts, {
    ecosystem: 'terraform',
    url,
    secrets: [token],
    authMethod: 'static_secret',
    line,
  });
}
