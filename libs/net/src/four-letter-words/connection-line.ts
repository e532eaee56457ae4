import { formatSessionId, formatZxid, NO_SESSION } from '@corral/primitives';
import { hex32, whole } from './java-text.js';
import type { ConnectionFigures } from './report-source.js';

/** Where a client is, as Java writes a socket address. */
export function addressOf({ remoteAddress, remotePort }: ConnectionFigures): string {
  const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
  return `/${host}:${remotePort}`;
}

/**
 * One connection as `stat` lists it. The number in brackets is what a Java selector waits for: 1, to read, and 0 where a
 * four-letter word is being answered, which is what connections without a session are here for.
 */
export function briefConnectionLine(connection: ConnectionFigures): string {
  const awaited = connection.sessionId === NO_SESSION ? 0 : 1;
  return ` ${addressOf(connection)}[${awaited}](${counts(connection)})`;
}

/** One connection as `cons` lists it. */
export function fullConnectionLine(connection: ConnectionFigures): string {
  if (connection.sessionId === NO_SESSION) return briefConnectionLine(connection);
  const { latency, lastCxid } = connection;
  const details = [
    `sid=${formatSessionId(connection.sessionId)}`,
    `lop=${connection.lastOperation}`,
    `est=${connection.establishedAtMs}`,
    `to=${connection.timeoutMs}`,
    ...(lastCxid >= 0 ? [`lcxid=0x${hex32(lastCxid)}`] : []),
    `lzxid=${zxidText(connection.lastZxid)}`,
    `lresp=${whole(connection.lastResponseAtMs)}`,
    `llat=${whole(connection.lastLatencyMs)}`,
    `minlat=${whole(latency.minMs)}`,
    `avglat=${whole(latency.avgMs)}`,
    `maxlat=${whole(latency.maxMs)}`,
  ];
  return ` ${addressOf(connection)}[1](${counts(connection)},${details.join(',')})`;
}

function counts({ outstandingRequests, packetsReceived, packetsSent }: ConnectionFigures): string {
  return `queued=${outstandingRequests},recved=${packetsReceived},sent=${packetsSent}`;
}

/** A client that has seen nothing yet has -1 here, which Java prints as 64 bits. */
function zxidText(zxid: ConnectionFigures['lastZxid']): string {
  return zxid < 0 ? '0xffffffffffffffff' : formatZxid(zxid);
}
