import type { HclBlock } from '../../lib/hcl/index.ts';
import { attributeValue, putBlock, type TerraformFile, type TerraformFolder } from './module.ts';

/** Adds what a top level block of a file declares. */
export function addBlock(module: TerraformFolder, file: TerraformFile, block: HclBlock): void {
  const [type = '', name = ''] = block.labels;
  const { body, start, end } = block;
  if (block.type === 'resource' || block.type === 'data') {
    const address = block.type === 'data' ? `data.${type}.${name}` : `${type}.${name}`;
    putBlock(module, { mode: block.type, type, name, address, body, file, start, end });
  } else if (block.type === 'provider') {
    module.providers.push({ mode: 'provider', type, name: '', address: `provider.${type}`, body, file, start, end });
  } else if (block.type === 'module') {
    module.calls.push({
      mode: 'module',
      type: 'module',
      name: type,
      address: `module.${type}`,
      body,
      file,
      start,
      end,
    });
  } else if (block.type === 'locals') {
    for (const attribute of body.attributes) module.locals.set(attribute.name, attribute.value);
  } else if (block.type === 'variable') {
    module.variables.set(type, attributeValue(block, 'default'));
    const form = attributeValue(block, 'type');
    if (form !== undefined) module.types.set(type, form);
  } else if (block.type === 'output') {
    const value = attributeValue(block, 'value');
    if (value !== undefined) module.outputs.set(type, value);
  }
}
