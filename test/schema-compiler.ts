import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** Where all schemas find the definitions that they share. */
const SHARED = 'shared';

/**
 * Gives a function that takes a schema of an API's description, whose definitions all of them share. A schema is compiled when
 * it is first asked for, and a definition once for all schemas: as a part of each, with the code made small, they take
 * twice as long, and most tests ask for few.
 */
export function createSchemaCompiler(definitions: object): (schema: object) => () => ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: false, inlineRefs: false, code: { optimize: false } });
  addFormats.default(ajv);
  ajv.addSchema({ $id: SHARED, definitions });
  return (schema) => {
    const text = JSON.stringify(schema).replaceAll('"#/definitions/', `"${SHARED}#/definitions/`);
    let compiled: ValidateFunction | undefined;
    return () => {
      compiled ??= ajv.compile(JSON.parse(text));
      return compiled;
    };
  };
}
