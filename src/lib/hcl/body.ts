import { bodyOf } from './json.ts';
import type { HclAttribute, HclBody, HclSpan } from './types.ts';

/** The last attribute of a name (the last one counts), or undefined. */
export function attributeNamed(body: HclBody, name: string): HclAttribute | undefined {
  return body.attributes.findLast((attribute) => attribute.name === name);
}

/** A nested block's body and the place of its header. */
export interface ChildBody extends HclSpan {
  readonly body: HclBody;
}

/**
 * The nested blocks of a type: written as blocks, as the JSON form's objects, or as `dynamic "name" { content { … } }`
 * (its content once, since the number of repetitions is not known).
 */
export function childBodies(body: HclBody, name: string): ChildBody[] {
  const children: ChildBody[] = [];
  for (const block of body.blocks) {
    if (block.type === name) children.push(block);
    else if (block.type === 'dynamic' && block.labels[0] === name) children.push(...childBodies(block.body, 'content'));
  }
  for (const attribute of body.attributes) {
    if (attribute.name !== name) continue;
    const values = attribute.value.kind === 'list' ? attribute.value.items : [attribute.value];
    for (const value of values) {
      if (value.kind === 'object') children.push({ body: bodyOf(value.entries), start: value.start, end: value.end });
    }
  }
  return children;
}
