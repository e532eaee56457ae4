import { TlsError, type TlsFault } from '../errors/tls-error.js';

/** Error codes of OpenSSL and Node for certificates that no trusted CA vouches for. */
const UNTRUSTED = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const EXPIRED = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

/** What comes of reading something that is not TLS as TLS. */
const NOT_TLS = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST']);

/** What a server says that is not content with the client's certificate, or that it has none. */
const CLIENT_CERTIFICATE =
  /_ALERT_(BAD_CERTIFICATE|CERTIFICATE_\w+|NO_CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE)$/;

/** What an error of `node:tls` means for the setup of client and server; nothing for one that has to do with the network. */
export function tlsErrorOf(server: string, error: Error): TlsError | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  const fault = tlsFaultOf(code);
  return fault && new TlsError(server, fault, detailOf(error) ?? code, { cause: error });
}

/** The names in a certificate that is for another host. */
function detailOf(error: Error): string | undefined {
  const { cert } = error as { readonly cert?: { readonly subjectaltname?: string } };
  return cert && `it names ${cert.subjectaltname ?? 'none'}`;
}

function tlsFaultOf(code: string): TlsFault | undefined {
  if (UNTRUSTED.has(code)) return 'untrusted';
  if (EXPIRED.has(code)) return 'expired';
  if (NOT_TLS.has(code)) return 'plain-server';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'wrong-name';
  if (CLIENT_CERTIFICATE.test(code)) return 'client-certificate';
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO' ? 'handshake' : undefined;
}
