import { formatZxid } from '@corral/primitives';
import { briefConnectionLine } from './connection-line.js';
import type { WordContext } from './four-letter-word.js';
import { decimal, whole } from './java-text.js';
import { zookeeperNodeCount } from './node-count.js';

/** The server in nine lines. */
export function answerSrvr(context: WordContext): string {
  return head(context) + summary(context);
}

/** The same, with the clients before it. */
export function answerStat(context: WordContext): string {
  const clients = Array.from(context.source.connections(), (connection) => `${briefConnectionLine(connection)}\n`);
  return `${head(context)}Clients:\n${clients.join('')}\n${summary(context)}`;
}

function head({ facts, source }: WordContext): string {
  const readOnly = source.status().mode === 'read-only' ? 'READ-ONLY mode; serving only read-only clients\n' : '';
  return `Zookeeper version: ${facts.version}\n${readOnly}`;
}

function summary({ source }: WordContext): string {
  const status = source.status();
  const { minMs, avgMs, maxMs } = status.requestLatency;
  return [
    `Latency min/avg/max: ${whole(minMs)}/${decimal(avgMs)}/${whole(maxMs)}`,
    `Received: ${status.packetsReceived}`,
    `Sent: ${status.packetsSent}`,
    `Connections: ${status.connectionCount}`,
    `Outstanding: ${status.outstandingRequests}`,
    `Zxid: ${formatZxid(status.lastZxid)}`,
    `Mode: ${status.mode}`,
    `Node count: ${zookeeperNodeCount(status)}`,
    '',
  ].join('\n');
}
