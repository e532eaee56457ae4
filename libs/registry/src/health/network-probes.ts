import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { portOf, type Probe, type Probes } from './probe.js';

/** A connection that is accepted. */
export const tcpProbe: Probe = (target) =>
  new Promise((resolve, reject) => {
    const { instance, signal } = target;
    const socket = connect({ host: instance.address, port: portOf(target), signal });
    socket.once('connect', () => {
      resolve();
      socket.destroy();
    });
    // Also after the answer: an error that nobody listens to would end the process.
    socket.on('error', reject);
  });

/** A request that is answered with a status that is wanted. Of a certificate nothing is asked: what counts is that somebody answers. */
export const httpProbe: Probe = (target) =>
  new Promise((resolve, reject) => {
    const { instance, check, signal } = target;
    if (check.kind !== 'http') throw new TypeError(`a check of kind ${check.kind} is none over HTTP`);
    const send = check.tls === true ? httpsRequest : httpRequest;
    const options = { host: instance.address, port: portOf(target), path: check.path ?? '/health', signal };
    const request = send({ ...options, agent: false, rejectUnauthorized: false }, (response) => {
      const status = response.statusCode ?? 0;
      response.destroy();
      const isWanted = check.statuses === undefined ? status >= 200 && status < 300 : check.statuses.includes(status);
      if (isWanted) resolve();
      else reject(new Error(`the status is ${status}`));
    });
    request.on('error', reject);
    request.end();
  });

/** The probes that need nothing but Node. */
export const networkProbes: Probes = { http: httpProbe, tcp: tcpProbe };
