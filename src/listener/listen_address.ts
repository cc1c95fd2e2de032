/**
 * Where to listen for datagrams.
 *
 * @module
 */
export {
  formatHostPort as formatListenAddress,
  type HostPort as ListenAddress,
  parseHostPort as parseListenAddress,
} from "../std/host_port.ts";
