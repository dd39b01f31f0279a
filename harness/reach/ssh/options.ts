/** Where an ssh master leads: the host as the user's ssh configuration knows it. */
export interface SshDestination {
  readonly destination: string
  readonly port?: number | undefined
  readonly sshConfigPath?: string | undefined
}

/**
 * Options of the master. The user's own ssh_config, known_hosts and agent hold; what is fixed here is what pvcheck
 * relies on: nobody is asked anything, one connection in the foreground, a lost peer is noticed, and no forwarding,
 * remote command or terminal of the user's configuration comes along.
 */
export function masterOptions(options: { controlPath: string; connectTimeoutMs: number }): readonly string[] {
  return Object.entries({
    BatchMode: 'yes',
    ClearAllForwardings: 'yes',
    ConnectTimeout: String(Math.max(1, Math.ceil(options.connectTimeoutMs / 1000))),
    ControlMaster: 'yes',
    ControlPath: options.controlPath,
    ControlPersist: 'no',
    ForwardAgent: 'no',
    ForwardX11: 'no',
    LogLevel: 'INFO',
    PermitLocalCommand: 'no',
    RemoteCommand: 'none',
    RequestTTY: 'no',
    ServerAliveCountMax: '3',
    ServerAliveInterval: '3',
    Tunnel: 'no',
    UpdateHostKeys: 'no',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

/** The destination as ssh's last arguments; behind `--`, so that no name can be taken for an option. */
export function destinationArgs(to: SshDestination): readonly string[] {
  return [
    ...(to.sshConfigPath === undefined ? [] : ['-F', to.sshConfigPath]),
    ...(to.port === undefined ? [] : ['-p', String(to.port)]),
    '--',
    bare(to.destination),
  ]
}

/**
 * Arguments of a client of the master. It reads no configuration, and a proxy that always fails keeps it from opening
 * a connection of its own when the master is gone.
 */
export function clientArgs(controlPath: string): readonly string[] {
  return ['-F', 'none', '-o', 'BatchMode=yes', '-o', 'LogLevel=INFO', '-o', 'ProxyCommand=false', '-S', controlPath]
}

/** An address literal as ssh wants it: without the brackets it has in a URL. */
function bare(destination: string): string {
  return destination.replace(/\[([0-9a-fA-F:.%]+)\]$/, '$1')
}
