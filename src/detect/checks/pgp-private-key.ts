import { defineCheck } from '../contract.ts';
import { readPgpArmor, readPgpKey } from '../shared/pgp-key.ts';

/** ASCII armor ends with a CRC-24 of its bytes; the first packet tells kind, date and fingerprint of the key. */
export default defineCheck({
  id: 'pgp-private-key',
  title: 'CRC-24 and first packet of PGP keys',
  applies: 'named',
  reads: 'value',
  options: {},
  facts: ['keyType', 'createdAt', 'encrypted', 'pgpFingerprint'],
  evaluate({ value }) {
    const armor = readPgpArmor(value);
    if (armor === undefined) return { state: 'not-applicable' };
    if (armor.crcRight === false)
      return { state: 'lower', to: 'placeholder', reason: 'The CRC-24 of the armor is wrong' };
    const facts = readPgpKey(armor.body);
    const reason = armor.crcRight === undefined ? 'The armor has no CRC-24' : 'The CRC-24 of the armor is right';
    return { state: 'pass', reason, ...(facts === undefined ? {} : { facts: { ...facts } }) };
  },
});
