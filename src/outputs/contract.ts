import type { HttpNetwork } from '../lib/http/http.ts';
import type { Severity } from '../model/match.ts';
import type { Batch, EventKind, FindingEventKind, SafeBatch } from './event.ts';

/** What the user set for one receiver; `schema` of the output says which. */
export interface OutputSettings {
  /** The user's name for it, unique in the file. */
  readonly name: string;
  /** The id of an output. */
  readonly type: string;
  readonly events?: readonly EventKind[];
  readonly 'min-severity'?: Severity;
  readonly [key: string]: unknown;
}

/** A value that only delivery reads, from a variable of the environment. A request holds its name alone. */
export interface FromEnvironment {
  readonly env: string;
  /** Stands before the value: `Bearer `. */
  readonly before?: string;
  /** Sent as HTTP Basic with this user name. */
  readonly user?: string;
}

/** An address that is itself a secret. Its host must be the one that the user's file names. */
export interface SecretAddress {
  readonly env: string;
  readonly host: string;
}

/** What finds and changes the issue of a finding. Plain data that the output's own `deliver` reads. */
export interface IssuePlan {
  readonly findingId: string;
  readonly event: FindingEventKind;
  /** Body of the request that comments on an issue which is there. */
  readonly comment: string;
}

/** One message as a plain value: it can be logged, for it holds no secret of the receiver. */
export interface OutputRequest {
  /** The same whenever the same events are sent again. */
  readonly key: string;
  /** Ids of the events that it tells. */
  readonly events: readonly string[];
  /** `SEND` writes the body to a TCP or TLS connection. */
  readonly method: 'POST' | 'SEND';
  readonly url: string | SecretAddress;
  readonly headers: Readonly<Record<string, string | FromEnvironment>>;
  readonly body: string;
  /** Signs time and body with a key: see README. */
  readonly sign?: { readonly header: string; readonly env: string };
  readonly issue?: IssuePlan;
}

/** An event that this receiver is not told, and why. It counts as done. */
export interface LeftOut {
  readonly event: string;
  readonly reason: string;
}

export interface Rendered {
  readonly requests: readonly OutputRequest[];
  readonly left: readonly LeftOut[];
}

/** How a delivery ended. Reasons hold no secret and at most a short part of an answer. */
export type Delivery =
  | { readonly state: 'sent' }
  | { readonly state: 'retry'; readonly reason: string; readonly afterMs?: number }
  | { readonly state: 'refused'; readonly reason: string; readonly advice: string };

/** The ways out of the process. All of them come from the caller. */
export interface DeliveryPort {
  readonly network: HttpNetwork;
  /** Writes to `syslog+tls://host:port` or `syslog+tcp://host:port`: see `createDialer`. */
  dial(address: string, text: string): Promise<void>;
  /** Value of a variable of the environment. */
  secret(name: string): string | undefined;
  /** Milliseconds since 1970. */
  now(): number;
}

/** JSON Schemas of the settings that only this output has, by name. */
export type SettingsSchema = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What the file of an output says. */
export interface OutputParts {
  /** Kebab-case, the name of its file and the `type` in the user's file. */
  readonly id: string;
  readonly title: string;
  readonly settings: SettingsSchema;
  /** Names of the settings that must be there. */
  readonly required: readonly string[];
  /** Kinds that it tells when the user names none. */
  readonly tells: readonly EventKind[];
  /** The lowest severity that it tells when the user names none. */
  readonly lowest?: Severity;
  /** True where `render` needs `snapshot` as soon as a night has ended. */
  readonly wantsSnapshot?: boolean;
  /** Hosts that its requests go to, with `:port` where it is not 443. */
  hosts(settings: OutputSettings): readonly string[];
  /** Pure: the same batch and settings give the same requests. */
  render(batch: SafeBatch, settings: OutputSettings): Rendered;
  deliver?(request: OutputRequest, port: DeliveryPort): Promise<Delivery>;
  /** What to do when the receiver refuses, by status. */
  readonly advice?: Readonly<Record<number, string>>;
}

/** One kind of receiver. */
export interface Output extends Omit<OutputParts, 'render' | 'deliver'> {
  render(batch: Batch, settings: OutputSettings): Rendered;
  deliver(request: OutputRequest, port: DeliveryPort): Promise<Delivery>;
}
