import { defineCheck } from '../contract.ts';

/** UUIDs are identifiers almost everywhere; rules whose provider issues UUIDs as secrets do not name this check. */
export default defineCheck({
  id: 'uuid',
  title: 'Identifiers in UUID form',
  applies: 'named',
  reads: 'value',
  options: {},
  evaluate({ value }) {
    const isUuid = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i.test(value);
    return isUuid
      ? { state: 'drop', reason: 'The value is a UUID, mostly an identifier' }
      : { state: 'not-applicable' };
  },
});
