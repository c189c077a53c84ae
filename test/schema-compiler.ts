import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/**
 * Gives a function that takes a schema of an API's description, whose definitions all of them share. A schema is compiled when
 * it is first asked for: one takes up to half a second, and most tests ask for few.
 */
export function createSchemaCompiler(definitions: object): (schema: object) => () => ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: false });
  addFormats.default(ajv);
  return (schema) => {
    let compiled: ValidateFunction | undefined;
    return () => {
      compiled ??= ajv.compile({ ...schema, definitions });
      return compiled;
    };
  };
}
