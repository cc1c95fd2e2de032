/**
 * The unit for systemd.
 *
 * @module
 */

/**
 * Not in /etc, which is the administrator's: a unit or a drop-in there takes precedence, and is
 * nothing that an installation replaces or an uninstallation takes away.
 */
export const UNIT_PATH = "/usr/lib/systemd/system/gluster-eventing.service";

/** What differs from node to node. */
export interface UnitOptions {
  readonly binary: string;
  /** Options of `run`. */
  readonly args: readonly string[];
  /** Folders that may be written beside those that systemd makes. */
  readonly writable: readonly string[];
}

/** The text of the unit. */
export function unitText({ binary, args, writable }: UnitOptions): string {
  const command = [binary, "run", ...args].map(quoteWord).join(" ");
  return `[Unit]
Description=GlusterFS events as webhooks
Documentation=man:gluster-eventing(8)
Wants=network-online.target
After=network-online.target glusterd.service

[Service]
ExecStart=${command}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=2
# It lets requests under way end for up to 5 s.
TimeoutStopSec=20
LimitNOFILE=65536
UMask=0077

StateDirectory=gluster-eventing
StateDirectoryMode=0700
RuntimeDirectory=gluster-eventing
RuntimeDirectoryMode=0700

# It receives from anywhere, so it may do little. What it needs: files of root, the registry in
# glusterd's folder, the gluster command with its socket and log, a receive buffer larger than the
# system's limit (CAP_NET_ADMIN), and a port of the API below 1024 if one is set. V8 compiles as it
# runs, which rules out MemoryDenyWriteExecute. Secrets and certificates may be below /root.
NoNewPrivileges=yes
CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_BIND_SERVICE
ProtectSystem=strict
ReadWritePaths=${writable.map((path) => quoteWord(`-${path}`)).join(" ")}
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
DevicePolicy=closed
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service @pkey
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

/** A word as systemd reads it: it expands % and $, and splits at blanks. */
function quoteWord(word: string): string {
  const plain = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[\w@%+=:,./$-]+$/.test(plain) ? plain : `"${plain.replace(/["\\]/g, "\\$&")}"`;
}
