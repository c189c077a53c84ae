import { type Draft, type DraftHead, type Drafts, type Facts, setFacts } from '../shared/identity-drafts.ts';
import { asList, asObject, asText, asTexts } from '../shared/loose.ts';
import type { PlacedDocument } from '../shared/placed-documents.ts';
import { tierOfScope } from './powers.ts';

/** An app that a manifest describes. */
export interface App {
  readonly provider: string;
  readonly name: string | undefined;
  /** The id that its service gave it; the manifest stands for it where there is none. */
  readonly id?: string | undefined;
  readonly type?: string;
  readonly account?: string | undefined;
  /** Undefined: the manifest says nothing of scopes. */
  readonly scopes: readonly string[] | undefined;
  /** Those of the scopes that may reach far; all where nothing is said. */
  readonly judged?: readonly string[];
  readonly redirects?: readonly string[];
  readonly facts?: Facts;
}

const MOST_REASONS = 10;
const SCOPE = /^[\w.:/*<>?@-]{1,200}$/;
/** A way back that somebody else may own: any subdomain or path, or plain HTTP over a network. */
const OPEN_REDIRECT = /\*|^http:\/\/(?!(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$))/i;

/** Adds an app: what it asks for, and what of it reaches far. */
export function addApp(drafts: Drafts, document: PlacedDocument, app: App, path: readonly (string | number)[]): Draft {
  const { provider, type = 'oauth_app', account = document.repository } = app;
  const evidence = document.evidence(path);
  const id = app.id ?? `oauth-app:${document.repository}:${document.path}`;
  const name = app.name === undefined || app.name.trim() === '' ? document.path : app.name.slice(0, 200);
  const head: DraftHead = { id, type, provider, name, account };
  const draft = drafts.identity(head, evidence);
  const scopes = app.scopes?.filter((scope) => SCOPE.test(scope));
  const place = `${document.path}:${evidence.location?.startLine ?? 1}`;
  setFacts(
    draft,
    {
      scopes,
      redirectsAnywhere: openRedirects(app.redirects),
      ...powerFacts(provider, scopes && (app.judged ?? scopes), place),
      ...app.facts,
    },
    document.path,
  );
  return draft;
}

function openRedirects(redirects: readonly string[] | undefined): readonly string[] | undefined {
  // A query may hold anything.
  return redirects?.filter((address) => OPEN_REDIRECT.test(address)).map((address) => address.split(/[?#]/)[0] ?? '');
}

function powerFacts(provider: string, scopes: readonly string[] | undefined, place: string): Facts {
  if (scopes === undefined) return {};
  const far = scopes.flatMap((scope) => {
    const tier = tierOfScope(provider, scope);
    return tier === undefined ? [] : [{ scope, tier }];
  });
  if (far.length === 0) return { broadScopes: [] };
  far.sort((a, b) => a.tier - b.tier);
  return {
    broadScopes: far.map(({ scope }) => scope),
    privilegeTier: far[0]?.tier,
    tierReasons: far.slice(0, MOST_REASONS).map(({ scope }) => `asks for ${scope} (${place})`),
  };
}

/** The texts of a list; undefined where there is no list. */
export function listOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? asTexts(value) : undefined;
}

/** Objects of a list, with their index. */
export function objectsOf(
  value: unknown,
): readonly (readonly [index: number, value: Readonly<Record<string, unknown>>])[] {
  return asList(value).map((item, index) => [index, asObject(item)] as const);
}

/** Several lists as one; undefined where none is there. */
export function joined(...lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  return lists.every((list) => list === undefined) ? undefined : [...new Set(lists.flatMap((list) => list ?? []))];
}

/** The first text of some. */
export function firstText(...values: readonly unknown[]): string | undefined {
  return values.map(asText).find((text) => text !== undefined && text !== '');
}
