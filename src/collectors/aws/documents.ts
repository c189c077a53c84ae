import type { Json } from '../../model/json.ts';
import { type PolicyDocument, type PolicyValue, readPolicyDocument } from '../../permissions/aws/document.ts';
import { analyseTrust, type TrustFacts } from '../../permissions/aws/trust.ts';

/** Most characters of documents that are remembered: accounts repeat a few, and a few repeat none. */
const MOST_REMEMBERED = 1024 * 1024;

/**
 * Reads the documents of an account. The same text gives the same document, so that roles which a tool made alike are
 * read and judged once.
 */
export class Documents {
  private readonly byText = new Map<string, PolicyDocument>();
  private readonly trusts = new WeakMap<PolicyDocument, Map<string, TrustFacts>>();
  private length = 0;

  /** The document of a value. */
  read(value: Json | undefined): PolicyDocument {
    const text = JSON.stringify(value) ?? '';
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    const document = readPolicyDocument(policyValue(value));
    this.length += text.length;
    if (this.length <= MOST_REMEMBERED) this.byText.set(text, document);
    return document;
  }

  /** Whom a trust policy lets in. `accounts`: those that are no strangers. */
  trust(value: Json | undefined, accounts: readonly string[]): TrustFacts {
    const document = this.read(value);
    const key = accounts.join(' ');
    const known = this.trusts.get(document) ?? new Map<string, TrustFacts>();
    const facts = known.get(key) ?? analyseTrust(document, accounts);
    this.trusts.set(document, known.set(key, facts));
    return facts;
  }
}

/** Recorded JSON is plain data. So it is a policy value without unknown parts. */
function policyValue(value: Json | undefined): PolicyValue | undefined {
  return value as PolicyValue | undefined;
}
