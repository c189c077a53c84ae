import { expect, it } from 'vitest';
import { ENDPOINTS } from '../../src/collectors/aws/endpoints.ts';
import { MAX_COLUMNS, readReport } from '../../src/collectors/aws/report.ts';
import { findTruncated } from '../../src/collectors/aws/truncated.ts';

/** That such gaps end a scan with exit 3 is proven by `dumps-name-what-was-not-read.test.ts`. */
const ROW = 'u,arn:aws:iam::210987654321:user/u';
const columns = (count: number): string => ',x'.repeat(count);

it('columns of a credential report: read up to the limit, and said', () => {
  const report = (count: number) =>
    readReport({ Content: `user,arn${columns(count - 2)}\n${ROW}${columns(count - 2)}\n` });
  expect(report(MAX_COLUMNS)).toMatchObject({ rows: [{ user: 'u' }], gaps: [] });
  const wide = report(MAX_COLUMNS + 1);
  expect(wide.rows).toHaveLength(1);
  expect(wide.gaps).toMatchObject([{ reason: 'limit', scope: true, message: expect.stringContaining('100 columns') }]);
});

it('a credential report that is none, and rows without a user, are said', () => {
  expect(readReport({ Content: Buffer.from('who,what\n').toString('base64') }).gaps).toMatchObject([
    { reason: 'malformed', scope: true },
  ]);
  const torn = readReport({ Content: `user,arn\n${ROW}\nsecond\n` });
  expect(torn.rows).toHaveLength(1);
  expect(torn.gaps).toMatchObject([{ reason: 'malformed', message: expect.stringContaining('1 of its rows') }]);
});

it('a quote that swallows the rows behind it is said', () => {
  const second = ROW.replaceAll('u', 'v');
  const open = readReport({ Content: `user,arn,note\n${ROW},"open\n${second},x\n` });
  expect(open.rows.map(({ user }) => user)).toEqual(['u']);
  expect(open.gaps).toMatchObject([{ reason: 'malformed', scope: true, message: expect.stringContaining('quote') }]);
  expect(readReport({ Content: `user,arn,note\n${ROW},"closed"\n` }).gaps).toEqual([]);
});

const secret = (region: string) => ({ ARN: `arn:aws:secretsmanager:${region}:210987654321:secret:x`, Name: 'x' });
const NextToken = 'more';
const names = (pages: readonly object[]) =>
  pages.map((answer, index) => ({ name: `page-${index}.json`, answer: answer as Record<string, never> }));

it('a region whose list says that more follow is not ended by the file of another region', () => {
  const [first, second] = [{ SecretList: [secret('eu-west-1')], NextToken }, { SecretList: [secret('us-east-1')] }];
  expect(findTruncated(ENDPOINTS.secrets, names([first, second]))).toMatchObject([
    { reason: 'limit', subject: 'page-0.json', scope: true, message: expect.stringMatching(/eu-west-1.*us-east-1/) },
  ]);
  const rest = { SecretList: [secret('eu-west-1')] };
  expect(findTruncated(ENDPOINTS.secrets, names([first, rest, second]))).toEqual([]);
});

it('a user whose list of keys says that more follow is not ended by that of another user', () => {
  const keys = (UserName: string, IsTruncated: boolean) => ({ AccessKeyMetadata: [{ UserName }], IsTruncated });
  expect(findTruncated(ENDPOINTS.keys, names([keys('a', true), keys('b', false)]))).toMatchObject([
    { subject: 'page-0.json' },
  ]);
  expect(findTruncated(ENDPOINTS.keys, names([keys('a', true), keys('a', false)]))).toEqual([]);
  expect(findTruncated(ENDPOINTS.details, names([{ IsTruncated: true }, {}]))).toEqual([]);
});
