import { expect, it } from 'vitest';
import decoder from '../../src/decoders/seven-zip.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { sevenZipOf } from '../make-packed.ts';
import { IN_LANE } from '../property/runs.ts';

decoderContract(decoder, sevenZipOf);

/** What py7zr 1.0 made of two files: BCJ and LZMA2, with a packed header. */
const REAL = Buffer.from(
  [
    'N3q8ryccAATLWstZlwEAAAAAAAAVAAAAAAAAAFd6yRHgBsoBFF0ANhpKHwigJgNNBp3v7YyhP8g4z22FL+zSTHORwqmRlfg9BADV',
    'Jo04hBQG3bg9O0cC2tUrTHWEfwSz8/zo0XgZQTYP8TAYgTysK32ixVBvG1x4oMZWG2sI7pw1qne2uEgBAGWyR/d6UDeURmMKNCVX',
    'YRGzbVcptOl4NVTKB573dHDyO8OYI29kBGiikzawOQ1Dwm56eiAD9GAwen1qaePSzjbUA5Znl7WdYTrIGE8hLuBC6kzQjkISlu61',
    'Y968pFS8wbCmfbYoj05dgw8bdyn9Uqi56p3+Aw2HcMghPa2Pi/qsvXBli65eJWchjQ+WulSCgcTm6/6BkN3w8oI3ARvE4nJ6W3OR',
    'AEjkgS4K9a0cbzb8jIwAAOAAfABzXQAAgTMHrg/VOHCoOcZglwW+6UVJUIhaOGWcmz0PZNUE5smBy0Dfuv0VKKb/j5czTLs+9y0w',
    'X582r0Fsx9O8vtFWcyMcEYMG//qu87Pew9CblL6FCn+9ezY6Q+DjGFnMt7U62ZbpBjQNgEh3N/EApxIAAAAAABcGgRwBCXsABwsB',
    'AAEhIQEYDH0AAA==',
  ].join(''),
  'base64',
);
const LINES = Array.from(
  { length: 40 },
  (_, at) => `line ${at} of a text that tools packed, ${(at * 7919) % 10007}\n`,
).join('');

/** The same with a password, header and all. */
const ENCRYPTED = Buffer.from(
  [
    'N3q8ryccAAQ8v2++gAEAAAAAAAApAAAAAAAAAGT6Qq+rKsIkfwJMWe83KB1SaOvftw+aOPjo/VITel0t+/2vMooUAhzAScxhn44B',
    'z/MfVSKxg+nCKlINMn34TFDm2ydl1NMbBRr55M2epEfwPSSjX5Vo3HCb1Jj9lUkpsttyGH6dXxQ8q6dV6Y7LTgkj1d8SYjmMWVvl',
    'X33grrDlwYRrRn8p3AxCHToeIGVq0xFN7BCV/cRj9gPQSlvwcJiDz4WKaAGd8hKy3YPcHzyAzS60voksxcWMg6lfQ5g+bf4vAJPN',
    '8T6DxzUDWUSzK+NYkhpp7lD6iYgOLNG+d6IFihPw5pfXSigAgGb3vUBJO3idqqRQ5mOLDCogFLxpI7ZrUNKphi5+HiNpncSwlkKe',
    'TJxEwRWHaq709sPtc8VPqCi7inxOFxP4zbpRMYgAHZ/l6o9K1l6qQRLCpmugI01lvjmDH4dAs2FRtjZOoo+y2d2p8j4bVD2WcOOF',
    '+/rQmUZDqtWGBUNUl0obr4enikLH/LI3eq0CIyzZCVJj/50iOh4H9PsXBoEQAQlwAAcLAQABJAbxBwESUw8YWNxWQeijZILjDnog',
    'gy65DG0AAA==',
  ].join(''),
  'base64',
);

it('reads what the tool itself writes, with names', async () => {
  const decoded = await decodeAll(decoder, artifactOf(REAL));
  expect(textsOf(decoded)).toEqual([LINES, 'KEY=1234 other\n'.repeat(5)]);
  expect(decoded.map((one) => (one.kind === 'artifact' ? one.artifact.derivation?.entry : one))).toEqual([
    'a.txt',
    'dir/c.env',
  ]);
});

it('says that an archive is encrypted', async () => {
  expect(gapsOf(await decodeAll(decoder, artifactOf(ENCRYPTED)))).toEqual(['unsupported']);
});

it('never throws on a real archive that is damaged, and keeps the budget', async () => {
  for (let at = 6; at < REAL.length; at += IN_LANE ? 1 : 8) {
    const damaged = Buffer.from(REAL);
    damaged[at] = (damaged[at] as number) ^ 0x55;
    const budget = budgetOf();
    await decodeAll(decoder, artifactOf(damaged), budget);
    expect(budget.bytes).toBeGreaterThanOrEqual(0);
  }
});

it('stops at the budget, and says so', async () => {
  const decoded = await decodeAll(decoder, artifactOf(sevenZipOf('x'.repeat(1000))), budgetOf({ bytes: 999 }));
  expect(textsOf(decoded)[0]?.length ?? 0).toBeLessThanOrEqual(999);
  expect(gapsOf(decoded)).toEqual(['limit']);
});
