import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import decoder from '../../src/decoders/sqlite.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { itRarely } from '../it-rarely.ts';
import { sqliteOf } from '../make-documents.ts';
import { IN_LANE } from '../property/runs.ts';

decoderContract(decoder, sqliteOf);

/**
 * What SQLite 3 wrote at 512 bytes a page: a table of 61 rows, the last with a text and a blob over several pages, and one without row
 * numbers.
 */
const REAL = gunzipSync(
  Buffer.from(
    [
      'H4sIAAAAAAACA+2YzW8WRRzHf9PneegLFGjLzsNSyrMIYsvrzs7OvqAFC6nGQEQKHtDE+JQ+wmNfHny6FHswZqsXNTFEL+pJPeBZ',
      'vWii3ozRk8bwB6gXTPSgBxM1Js7OzrpDjF3FEhFmkrbTz/Pdmf3O97eTZ+fE8aPNqGE91mrP1iOLQgcgBHdbFgDvAtQgb8n/ZeV/',
      'BMWtA/aeRr1JB40Ceon/upnaiY7OarWK4kpUn5xpnKs32/PiV/fhifGxk+PWybFDR8ctgYanrajxZGSdazdn6+1Fa7qxuNtaEGzE',
      'utCMzrbOR1a7daE5NYM6q0NDKN4lBp1vRFFz7sx89rfjqqEzOtycsppzUeNMo331DHP12YaYhE9Wnzmf9afqUd2anGlNjlS4jRL6',
      'IXGzCv2Kfkq7ut3MrRImT/KOJPmB5NkcgHsAfYcuo4/QW+giWkST6Ahy0RCqwPdwGT6ES/AiLMAjXPYXDQ9UYHAriGojQVppjuu6',
      'uF/hfspdRh3cp3Av5Z7n2Hi9wlnKA98OjHWc1yR3U+4HIV6ryKmcNvB93KtwR04begyvUTiRw9iM4tUKt1MeEpcYPRUwJQ9TTBzH',
      'MbpzLM1SSmyjK8fSK6NhYHTmWFr13cAzVuVYOg2Z7xqVHEujxGPMKOdYGqW+S41SjqVPFlBidOQ4sxmSsJ8Hag6mWLq00/xDQN+i',
      'L9D76A30HHoCnUJjaAT1wc/wFXwKb8OrEEMTjkOoRr4jXzPqZ2tv2/h2hUu/bhAEeLvCpWEv9D28TeHScWh7Lr5N4dIyIS7DWxUu',
      'PVOHUmwpnGTL7xBcU7idrb8d4i05d2S4oRv6eEjhMl3C/ABvVrj0Sz3Pw4MKl36Zz1y8SeEsK1nXwabCM78htfFGhWe1bBOCqwrP',
      'atkOQ4wVLv16JPCxoXDpN3B8ZmxQHiHplzIvzX+/mn8bPYQOoZ2oH36Br+EzeAdegyV4HCa4TC2AMJ+ISeOUMA8HCpfGGd8MsK/w',
      '7BmmfC/wFE6zIPhewBTuZEHYBLsKJ5kRvhlQhUvjzOObgZNzVxr3fb4ZEIXLoMOAbwa2wmXQJKQu3qfwrLBtx8F7FZ4VNiE23qNw',
      '6TcgfD/YnQfhZkH7Id6lyKVdh3o+3qlwadd1GcMjCpd2PeZSPKzUu7QbeHxPuCOflkq7PnF6xZe6i4CuoM/Re7zzH7fnzdFOMF7u',
      'jYdnWvyLTVRvR5ZNHOryKINQ95IeX6ZOfJdS7TJmL+Dbwp0KlzEHId8W9is8q2rbC/hYXXpNb91e8szpdbjxe9bJY0fG77cac1O1',
      'F7qs9OXNis7yd/bmvDXXEu911/JJh3g3byVlYKDX045u17OtjlnZXDrNX8+T72HLNS7ewH96Hi6b8b5Eby+vv5bWwyfohkeBv/l/',
      'gz5Bb6IIjcJv8C5HK9Im+L0PiXsPVuqW7+NDrhZD+v9ypIMlc1EM5F3b9V7JPCOuZ//osj0l80Fxmft31NtL5mGhpsuIBksmESLn',
      'z5/1l8ya+Iz8gbpLZq9Adpq/B2gDXIEP4CL6El1Ci3Cao2VavJuX8HFRwkFRCQ/E27j4oBD7ReL+p3m4F4SWFmnXLnBtQ2idIm3v',
      'LNeeEFpSpF0zxbVjQmsvXLcWb+KrskfM4hXdUV/cx8WDQsyKxOvjLi7uFmK3SLwuSXNlDOmd/f/aVriy9YLe2vnrQtD560LQ+etC',
      '0PnrQtD560LQ+etC0PnrQrgBW4/4OQDwI3wMr8A0HEhPANFRVCu+Op4sm8+MJkdNTuFR06b4FBfvEuLCsz0zfoCLTSEuPNzbGN/L',
      'xZ1CXHi6V40PlM2l80JsF4nx0rqy+WxViAvP6mtLq7i4IsSFp6Jb4qf4Pc8LceGp6FAccXFdiAsPCzfH01x8TIgLDwsHb7znX28E',
      't/b+rwtB568LQeevC0HnrwtB568LQeevC0HnrwtB568LQeevC2El2+8uqcySAD4AAA==',
    ].join(''),
    'base64',
  ),
);

it('reads what SQLite itself writes: tables by name, values over several pages, blobs', async () => {
  const decoded = await decodeAll(decoder, artifactOf(REAL, 'a.db'));
  const byName = new Map<string, string>();
  for (const one of decoded) {
    if (one.kind !== 'artifact') throw new Error(one.gap.message);
    byName.set(one.artifact.derivation?.entry ?? '', Buffer.from(one.artifact.bytes).toString());
  }
  expect([...byName.keys()].sort()).toEqual(['pairs', 'settings', 'settings/61', 'sqlite_master']);
  const rows = byName.get('settings')?.trim().split('\n') ?? [];
  expect(rows).toHaveLength(61);
  expect(rows).toContain(`name 59\tvalue ${(59 * 7919) % 10007}`);
  expect(rows).toContain(`long\tstart ${'0123456789'.repeat(120)} TOKEN end`);
  expect(byName.get('pairs')).toContain(`key 29\t${'v'.repeat(261)}\n`);
  expect(byName.get('settings/61')).toContain('a blob that is no text');
});

itRarely('never throws on a real database that is damaged, keeps the budget, and ends', async () => {
  for (let at = 16; at < REAL.length; at += IN_LANE ? 7 : 56) {
    const damaged = Buffer.from(REAL);
    damaged[at] = (damaged[at] as number) ^ 0xff;
    const budget = budgetOf();
    await decodeAll(decoder, artifactOf(damaged), budget);
    expect(budget.bytes).toBeGreaterThanOrEqual(0);
  }
});

it('says that a database is cut off', async () => {
  expect(gapsOf(await decodeAll(decoder, artifactOf(REAL.subarray(0, REAL.length - 2048))))).toContain('corrupt');
});

it('stops at the budget, and says so', async () => {
  const decoded = await decodeAll(decoder, artifactOf(REAL), budgetOf({ bytes: 999 }));
  expect(textsOf(decoded).join('').length).toBeLessThanOrEqual(999);
  expect(gapsOf(decoded)).toEqual(['limit']);
});
