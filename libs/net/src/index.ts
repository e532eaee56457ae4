export { ClientConnection } from './clients/client-connection.js';
export type { ClientHandler } from './clients/client-handler.js';
export {
  ClientListener,
  type ClientListenerOptions,
  type ClientListenerPorts,
  type OpenClient,
} from './clients/client-listener.js';
export { type ClientLimits, DEFAULT_CLIENT_LIMITS } from './clients/limits.js';
export { Traffic } from './clients/traffic.js';
export * from './four-letter-words/index.js';
