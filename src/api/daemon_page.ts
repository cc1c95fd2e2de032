/**
 * What the live page of a daemon asks first. Others build on these names: a field once published
 * stays.
 *
 * @module
 */

/** The answer of `GET /v1/page`. */
export interface DaemonPage {
  readonly kind: "daemon";
  readonly version: string;
  /** The UUID of the node. */
  readonly node: string;
  readonly host: string;
  /** RFC 3339. */
  readonly started_at: string;
  /** Whether the API asks for a token over TCP. */
  readonly token: boolean;
  /** Whether something can be changed over TCP; that needs a token. */
  readonly may_change: boolean;
  /** Whether there is a trusted pool to ask: `GET /v1/cluster`. */
  readonly pool: boolean;
  /** Whether the events of all nodes can be followed here: `GET /v1/events?scope=cluster`. */
  readonly cluster_stream: boolean;
  /** What each kind of event says in a few words, with places in braces for what it names. */
  readonly headlines: Readonly<Record<string, string>>;
}
