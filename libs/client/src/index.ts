/** What users of a client need of the vocabulary below it. */
export { type Acl, ErrorCode, OPEN_ACL, Perms, type Stat } from '@corral/model';
export type { Logger, SessionId, Zxid } from '@corral/primitives';
export type { ClientInfo } from '@corral/wire';
export { Client, type VersionOptions } from './client.js';
export type { CallOptions } from './context.js';
export * from './errors/connection-errors.js';
export { errorOfCode } from './errors/error-of-code.js';
export * from './errors/server-errors.js';
export { TlsError, type TlsFault } from './errors/tls-error.js';
export type { CreateMode, ZnodeData } from './operations/create-request.js';
export type { CreateOptions } from './operations/create-znode.js';
export type { EnsurePathOptions } from './operations/ensure-path.js';
export {
  MultiError,
  type MultiOperation,
  type MultiReadOperation,
  type MultiReadResult,
  type MultiResult,
  ops,
} from './operations/multi.js';
export type { ChildList, Created, Znode } from './operations/operations.js';
export type { ReconfigureRequest } from './operations/reconfigure.js';
export type { ClientOptions } from './options.js';
export { systemTimers, type Timers } from './ports/timers.js';
export type { Channel, ChannelListener, HostAddress, Transport } from './ports/transport.js';
export { type ConnectString, formatHost, parseConnectString } from './session/connect-string.js';
export { type ConnectionState, isConnected } from './session/connection-state.js';
export type { Credential } from './session/credentials.js';
export type { WatchEventsOptions } from './streams/watch-events.js';
export { Mailbox, type MailboxOptions } from './streams/mailbox.js';
export type { Resync, Watcher, WatchEvent } from './watches/watch-event.js';
