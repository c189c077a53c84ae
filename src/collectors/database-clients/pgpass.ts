import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { addRole } from './role.ts';

const MOST_LINES = 20_000;
const FIELDS = 5;

/** Reads `host:port:database:user:password`. A backslash stands before a colon or backslash of a value. */
export function readPgpass(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const lines = file.text.split(/\r?\n/, MOST_LINES + 1);
  const problems: number[] = [];
  for (const [index, text] of lines.slice(0, MOST_LINES).entries()) {
    if (text.trim() === '' || text.startsWith('#')) continue;
    const fields = [...text.matchAll(/(?:[^:\\]|\\.)+|(?<=:)(?=:|$)/g)].map(([field]) => field.replace(/\\(.)/g, '$1'));
    const [host, , database, user, ...password] = fields;
    if (fields.length < FIELDS) problems.push(index + 1);
    else
      addRole(file, drafts, {
        system: 'postgres',
        host,
        database,
        user,
        password: password.join(':'),
        line: index + 1,
      });
  }
  const [first] = problems;
  const unread =
    first === undefined ? [] : [file.gap(first, 'fewer than five fields, so nothing of the line was read')];
  return lines.length > MOST_LINES
    ? [...unread, file.gap(MOST_LINES, 'has more lines than are read; split the file', 'limit')]
    : unread;
}
