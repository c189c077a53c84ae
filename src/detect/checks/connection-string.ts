import { defined } from '../../lib/fields/defined.ts';
import type { Json } from '../../model/json.ts';
import { type CheckOutcome, defineCheck, type ValueInput } from '../contract.ts';
import { environmentOfHost, isExampleHost, isLocalHost } from '../shared/host.ts';

const DEFAULTS =
  /^(?:postgres|postgresql|mysql|mariadb|mongo|mongodb|redis|rabbitmq|guest|root|admin|sa|user|username|pass|passwd|password|pwd|secret|test|dev|example|changeme|toor|db|database|1234|12345|123456|p[a@]ssw[o0]rd\d{0,4}!?)$/i;
const ADMINISTRATORS =
  /^(?:root|sa|postgres|admin|administrator|sysadmin|sys|system|rdsadmin|doadmin|cloudsqladmin|avnadmin)$/i;

/** Databases whose addresses look like those of other services. */
const DATABASES = /^(?:elasticsearch|clickhouse|cassandra|neo4j|bolt)$/i;

/** User, host and password of a connection string, from the parts `user`, `host`, `port` and `database`. */
export default defineCheck({
  id: 'connection-string',
  title: 'Empty, masked and default passwords in connection strings',
  applies: 'named',
  reads: 'value',
  options: {},
  facts: ['user', 'administrator', 'host', 'port', 'database', 'environment'],
  keys: ['host', 'database-role'],
  evaluate(input) {
    const password = decodePercent(input.value);
    const host = (input.parts['host'] ?? '').toLowerCase();
    const user = decodePercent(input.parts['user'] ?? '');
    return (
      judgePassword(password, user, host) ?? {
        state: 'pass',
        reason: 'The connection string holds a password',
        facts: readFacts(input, user, host),
      }
    );
  },
});

function judgePassword(password: string, user: string, host: string): CheckOutcome | undefined {
  if (password === '') return { state: 'drop', reason: 'The password is empty' };
  if (/^[*xX•.]+$|^<.*>$|^\[.*\]$/.test(password)) return { state: 'drop', reason: 'The password is masked' };
  if (isExampleHost(host))
    return { state: 'lower', to: 'placeholder', reason: 'The host is reserved for documentation' };
  const isDefault = DEFAULTS.test(password) || (password === user && user !== '');
  if (!isDefault) return undefined;
  const isNear = isLocalHost(host) || !host.includes('.');
  const to = isNear ? 'placeholder' : 'low-confidence';
  return { state: 'lower', to, reason: 'The password is a default or the name of the user' };
}

function readFacts({ parts }: ValueInput, user: string, host: string): Readonly<Record<string, Json>> {
  const environment = environmentOfHost(host);
  return {
    ...(user === '' ? {} : { user, administrator: ADMINISTRATORS.test(user) }),
    ...(host === '' ? {} : { host }),
    ...(parts['port'] === undefined ? {} : { port: Number(parts['port']) }),
    ...defined({ database: parts['database'], environment }),
    keys: readKeys(user, host, parts['scheme']),
  };
}

/**
 * Names of this machine are the same everywhere and join nothing. A rule for addresses of any service says which
 * service it is: an account of a web server is no role of a database.
 */
function readKeys(user: string, host: string, scheme: string | undefined): Readonly<Record<string, string>> {
  if (host === '' || isLocalHost(host)) return {};
  if (scheme !== undefined && !DATABASES.test(scheme)) return { host };
  return { host, ...(user === '' ? {} : { 'database-role': `${user}@${host}` }) };
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
