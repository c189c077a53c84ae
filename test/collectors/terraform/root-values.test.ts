import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arrangeValues, rootValues, type ValueFile } from '../../../src/collectors/terraform/calls/root.ts';
import type { TerraformFolder } from '../../../src/collectors/terraform/module.ts';
import { attributeNamed, type HclValue, readHcl } from '../../../src/lib/hcl/index.ts';
import { tries } from '../../property/runs.ts';

const VALUE = attributeNamed(readHcl('a = "x"\n').body, 'a')?.value as HclValue;
const FOLDERS = ['', 'a/', 'a/b/', 'a/b/c/', 'ab/', 'b/'];
const NAMES = ['terraform.tfvars', 'x.auto.tfvars', 'prod.tfvars', 'z.tfvars'];
const VARIABLES = ['v', 'w'];

const folder = {
  variables: new Map(VARIABLES.map((name) => [name, VALUE])),
  types: new Map(),
} as unknown as TerraformFolder;

/** Says by looking at every file whether a default may be replaced by one that somebody names. */
function mayBeReplaced(files: readonly ValueFile[], read: readonly string[], prefix: string, name: string): boolean {
  const parent = prefix.split('/').slice(0, -2).join('/');
  return files.some(({ path, values }) => {
    const at = path.slice(0, path.lastIndexOf('/') + 1);
    const isOwn = /(?:^|\/)terraform\.tfvars$|\.auto\.tfvars$/.test(path) && read.includes(at);
    return !isOwn && values.has(name) && (parent === '' || path.startsWith(`${parent}/`));
  });
}

it('finds the files of values of a folder, and those that somebody may name for it', () => {
  const file = fc.tuple(fc.constantFrom(...FOLDERS), fc.constantFrom(...NAMES), fc.subarray(VARIABLES));
  fc.assert(
    fc.property(
      fc.array(file, { maxLength: 12 }),
      fc.subarray(FOLDERS),
      fc.constantFrom(...FOLDERS),
      (drawn, read, at) => {
        const files = drawn.map(([where, name, variables]) => ({
          path: `${where}${name}`,
          values: new Map(variables.map((variable) => [variable, VALUE])),
        }));
        const folders = [...read, at];
        const { given, all } = rootValues(
          at,
          folder,
          arrangeValues(files, new Map(folders.map((name) => [name, folder]))),
        );
        for (const name of VARIABLES) {
          const isGiven = files.some(
            ({ path, values }) =>
              ['terraform.tfvars', 'x.auto.tfvars'].some((own) => path === `${at}${own}`) && values.has(name),
          );
          expect(given.has(name)).toBe(isGiven);
          expect(all.has(name)).toBe(isGiven || !mayBeReplaced(files, folders, at, name));
        }
      },
    ),
    tries(300),
  );
});
