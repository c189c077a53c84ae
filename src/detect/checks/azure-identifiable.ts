import { littleEndian, marvin32 } from '../../lib/bytes/checksum.ts';
import { defineCheck } from '../contract.ts';
import { checksumOutcome, FAILURE_OPTION } from '../shared/checksum-outcome.ts';
import { decodeBase64 } from '../shared/decode.ts';

const HASH_BYTES = 4;

/**
 * Service signature to the checksum seeds of its kinds of key. Source: microsoft/security-utilities,
 * IdentifiableMetadata.
 */
const SEEDS: Readonly<Record<string, readonly (readonly [seed: string, kind: string])[]>> = {
  '+ASt': [['Default0', 'storage account']],
  '+ASb': messaging(),
  '+AEh': messaging(),
  '+ARm': messaging(),
  '+ABa': [['AbAcct00', 'batch account']],
  '+AMC': [['Classic0', 'machine learning']],
  '+ACR': [['ACRDflt0', 'container registry']],
  AzCa: [['Access00', 'redis access']],
  AzFu: [
    ['Master00', 'master'],
    ['System00', 'system'],
    ['Functi00', 'function'],
  ],
  AzSe: [
    ['Query000', 'query'],
    ['PAdmin00', 'admin'],
  ],
  ACDb: [
    ['MastRW00', 'master read-write'],
    ['MastRO00', 'master read-only'],
    ['SystRW00', 'system read-write'],
    ['SystRO00', 'system read-only'],
    ['SysAll00', 'system'],
    ['Resour00', 'resource'],
    ['Encryp00', 'encryption'],
  ],
  AIoT: [
    ['IoTHub00', 'hub'],
    ['DpsKey00', 'provisioning'],
    ['Device00', 'device'],
  ],
  APIM: [
    ['Tenant00', 'management'],
    ['Gatewy00', 'gateway'],
    ['GitKey00', 'repository'],
    ['IoTHub00', 'subscription'],
  ],
};

function messaging(): readonly (readonly [seed: string, kind: string])[] {
  return [
    ['Manage00', 'manage'],
    ['Send0000', 'send'],
    ['Listen00', 'listen'],
  ];
}

/**
 * Azure keys with a service signature before the last six characters: the last four bytes are Marvin32 with a seed of
 * the service.
 */
export default defineCheck({
  id: 'azure-identifiable',
  title: 'Marvin32 in identifiable Azure keys, with the seeds of a service',
  applies: 'named',
  options: FAILURE_OPTION,
  facts: ['keyKind'],
  evaluate(input) {
    const signature = input.value.replace(/={1,2}$/, '').slice(-10, -6);
    const seeds = Object.hasOwn(SEEDS, signature) ? SEEDS[signature] : undefined;
    const bytes = decodeBase64(input.value);
    if (seeds === undefined || bytes === undefined || bytes.length <= HASH_BYTES) return { state: 'not-applicable' };
    const body = bytes.subarray(0, -HASH_BYTES);
    const hash = bytes.subarray(-HASH_BYTES);
    const kind = seeds.find(([seed]) => littleEndian(marvin32(body, seed)).equals(hash))?.[1];
    return checksumOutcome(input, kind !== undefined, 'The Marvin32 in the last 4 bytes', {
      keyKind: kind ?? 'unknown',
    });
  },
});
