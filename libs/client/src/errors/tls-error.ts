/**
 * What is wrong between a client and a server that should talk TLS: `untrusted`, the server's certificate comes from no CA that the client
 * trusts; `expired`, it is not valid now; `wrong-name`, it is another server's; `plain-server`, the server does not talk TLS;
 * `client-certificate`, the server does not like the client's, or misses it; `handshake`, anything else that the two cannot agree on.
 */
export type TlsFault = 'untrusted' | 'expired' | 'wrong-name' | 'plain-server' | 'client-certificate' | 'handshake';

/** What would be right. */
const REMEDIES: Readonly<Record<TlsFault, string>> = {
  untrusted: 'its certificate is signed by no CA that the client trusts: give the CA as tls.ca',
  expired: 'its certificate is not valid at this time: renew it, or set the clock right',
  'wrong-name': 'its certificate is for another host: connect to a host that it names, or name one as tls.servername',
  'plain-server': 'it does not talk TLS on this port: connect to its secureClientPort, or leave tls out',
  'client-certificate': 'it wants a certificate of the client that it trusts: give one as tls.cert, with its tls.key',
  handshake: 'TLS cannot be agreed on: versions and ciphers of both sides must have something in common',
};

/** The client and the server cannot talk TLS as they are set up; it will not mend itself. The cause is the error of `node:tls`. */
export class TlsError extends Error {
  override readonly name = 'TlsError';

  constructor(
    /** Host and port. */
    readonly server: string,
    readonly fault: TlsFault,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${server}: ${REMEDIES[fault]} (${detail})`, options);
  }
}
