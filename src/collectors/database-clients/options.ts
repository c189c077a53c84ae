import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { type IniSection, type IniStyle, iniGaps, lastLineOf, readIni, valueIn } from '../shared/client-files/ini.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { addRole } from './role.ts';

const STYLE: IniStyle = { indented: 'entry', bareNames: true, separators: '=' };

/** Reads `pg_service.conf`: a login for each service. */
export function readServices(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const ini = readIni(file.text, STYLE);
  for (const section of ini.sections) {
    const mode = valueIn(section, 'sslmode');
    addSection(file, drafts, section, 'postgres', {
      host: valueIn(section, 'host', 'hostaddr'),
      database: valueIn(section, 'dbname'),
      tlsVerified: verifiedBy(mode),
    });
  }
  return iniGaps(file, ini);
}

/** What `require` does depends on whether the client has a certificate of an authority. */
function verifiedBy(mode: string | undefined): boolean | undefined {
  return mode === undefined || mode === 'require' ? undefined : mode.startsWith('verify-');
}

/** Groups of MySQL that programs of a client read. Those of the server name the account that it runs as. */
const CLIENT_GROUPS =
  /^(?:client|mysql|mysqldump|mysqladmin|mysqlimport|mysqlshow|mysqlcheck|mariadb|mariadb-client|mariadb-dump|xtrabackup)$/i;

/** Reads `.my.cnf` and `my.ini`: a login for each group of a client. */
export function readMysql(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const ini = readIni(file.text, STYLE);
  for (const section of ini.sections) {
    if (!CLIENT_GROUPS.test(section.name)) continue;
    const mode = valueIn(section, 'ssl-mode', 'ssl_mode')?.toLowerCase();
    addSection(file, drafts, section, 'mysql', {
      host: valueIn(section, 'host') ?? 'localhost',
      database: valueIn(section, 'database'),
      tlsVerified: mode === undefined ? undefined : mode.startsWith('verify'),
    });
  }
  return iniGaps(file, ini);
}

interface Target {
  readonly host: string | undefined;
  readonly database: string | undefined;
  readonly tlsVerified: boolean | undefined;
}

function addSection(file: ClientFile, drafts: Drafts, section: IniSection, system: string, target: Target): void {
  addRole(file, drafts, {
    ...target,
    system,
    user: valueIn(section, 'user'),
    password: valueIn(section, 'password', 'pass'),
    line: section.line,
    lastLine: lastLineOf(section),
  });
}
