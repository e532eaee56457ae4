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
export { AllowList, type AllowListOptions } from './peers/allow-list.js';
export { ElectionNetwork, type ElectionNetworkOptions, type ElectionNetworkPorts } from './peers/election-network.js';
export type { PeerEndpoint } from './peers/peer-endpoint.js';
export { DEFAULT_PEER_LIMITS, type PeerLimits } from './peers/peer-limits.js';
export { QuorumLink, type QuorumLinkHandler } from './peers/quorum-link.js';
export { QuorumNetwork, type QuorumNetworkOptions, type QuorumNetworkPorts } from './peers/quorum-network.js';
