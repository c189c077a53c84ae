import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import json from '../../src/reporters/json.ts';
import { REPORT_SCHEMA, renderReportSchema } from '../../src/reporters/json-schema.ts';
import { buildCleanReport, buildEmptyReport, buildSampleReport, HOSTILE_PATH, RAW_SECRETS } from './sample-report.ts';

const options = { color: false, width: 80, showSecrets: false, verbose: false };
const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(REPORT_SCHEMA);

describe('json', () => {
  it.each([
    ['full', buildSampleReport],
    ['clean', buildCleanReport],
    ['empty', buildEmptyReport],
  ])('gives a document that fits its own schema: %s', (_, build) => {
    for (const showSecrets of [false, true]) {
      validate(JSON.parse(json.render(build(), { ...options, showSecrets })));
      expect(validate.errors).toBeNull();
    }
  });

  it('has a schema that refuses what it does not know', () => {
    const document = JSON.parse(json.render(buildSampleReport(), options));
    document.findings[0].extra = 1;
    document.summary.state = 'fine';
    expect(validate(document)).toBe(false);
    const paths = (validate.errors ?? []).map((error) => error.instancePath);
    expect(paths).toEqual(expect.arrayContaining(['/findings/0', '/summary/state']));
  });

  it('keeps exact values: hostile names read back unchanged', () => {
    const document = JSON.parse(json.render(buildSampleReport(), options));
    expect(JSON.stringify(document)).toBe(JSON.stringify(JSON.parse(JSON.stringify(document))));
    const paths = document.findings.flatMap((finding: { locations: { path: string }[] }) =>
      finding.locations.map((location) => location.path),
    );
    expect(paths).toContain(HOSTILE_PATH);
  });

  it('holds the raw value only when secrets are asked for', () => {
    const shown = JSON.parse(json.render(buildSampleReport(), { ...options, showSecrets: true }));
    expect(shown.findings[0].secret.value).toBe(RAW_SECRETS.token);
    const hidden = JSON.parse(json.render(buildSampleReport(), options));
    expect(hidden.findings[0].secret).toEqual({
      redacted: 'ghp_********',
      fingerprint: expect.any(String),
      length: 40,
    });
  });

  it('publishes the schema that it is tested against', async () => {
    await expect(renderReportSchema()).toMatchFileSnapshot('../../fixtures/reports/report.schema.json');
  });
});
