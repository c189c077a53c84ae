import type { Json } from '../../model/json.ts';
import { defineCheck } from '../contract.ts';
import { isoFromText } from '../shared/iso-date.ts';

const SIGNATURE_BYTES = 32;

/**
 * Query parameters of shared access signatures and the facts they become. Source: Azure Storage, "Create a service
 * SAS".
 */
const FIELDS: Readonly<Record<string, string>> = {
  sv: 'apiVersion',
  sp: 'permissions',
  ss: 'services',
  srt: 'resourceTypes',
  sr: 'resource',
  sip: 'ipRange',
  spr: 'protocols',
  si: 'storedPolicy',
  skn: 'policyName',
};

/** Shared access signatures say what they open, from where and until when. */
export default defineCheck({
  id: 'sas-token',
  title: 'Signature and claims of shared access signatures',
  applies: 'named',
  reads: 'value',
  options: {},
  facts: [
    'apiVersion',
    'permissions',
    'services',
    'resourceTypes',
    'resource',
    'ipRange',
    'protocols',
    'storedPolicy',
    'policyName',
    'startsAt',
    'expiresAt',
    'expired',
    'userDelegation',
    'tenantId',
  ],
  keys: ['azure-object-id'],
  evaluate({ value, now }) {
    const query = new URLSearchParams(value.replace(/^[^?]*\?|^SharedAccessSignature\s/, '').replaceAll('&amp;', '&'));
    const signature = query.get('sig')?.replaceAll(' ', '+');
    if (signature === undefined) return { state: 'not-applicable' };
    if (Buffer.from(signature, 'base64').length !== SIGNATURE_BYTES) {
      return { state: 'lower', to: 'placeholder', reason: 'The signature is not 32 bytes: not one that Azure issued' };
    }
    return { state: 'pass', reason: 'The signature has 32 bytes', facts: readFacts(query, now) };
  },
});

function readFacts(query: URLSearchParams, now: Date): Readonly<Record<string, Json>> {
  const facts: Record<string, Json> = {};
  for (const [field, name] of Object.entries(FIELDS)) {
    const value = query.get(field);
    if (value !== null && value.length <= 200) facts[name] = value;
  }
  const starts = isoFromText(query.get('st') ?? '');
  if (starts !== undefined) facts['startsAt'] = starts;
  return { ...facts, ...readDelegation(query), ...readExpiry(query.get('se') ?? '', now) };
}

/** Who delegated: `skoid` is the object id of a user or application, `sktid` its tenant. */
function readDelegation(query: URLSearchParams): Readonly<Record<string, Json>> {
  if (!query.has('skoid')) return {};
  const [object, tenant] = [query.get('skoid') ?? '', query.get('sktid') ?? ''].map((id) => id.toLowerCase());
  return {
    userDelegation: true,
    ...(isGuid(tenant) ? { tenantId: tenant } : {}),
    ...(isGuid(object) ? { keys: { 'azure-object-id': object } } : {}),
  };
}

function isGuid(text = ''): text is string {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

/** Storage writes a date, the messaging services seconds since 1970. */
function readExpiry(text: string, now: Date): Readonly<Record<string, Json>> {
  const seconds = /^\d{9,11}$/.test(text) ? Number(text) : undefined;
  const expiresAt = seconds === undefined ? isoFromText(text) : new Date(seconds * 1000).toISOString();
  return expiresAt === undefined ? {} : { expiresAt, expired: Date.parse(expiresAt) < now.getTime() };
}
