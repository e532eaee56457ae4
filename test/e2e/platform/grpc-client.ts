/** A platform's gRPC as a program in any language sees it: from the .proto files. */
import {
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  type GrpcObject,
  loadPackageDefinition,
  Metadata,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../../interop/harness/repository.js';
import type { Body } from './http-api.js';

/** Where the .proto files are. */
export const PROTO_ROOT = join(repositoryRoot(), 'apps/platform/proto');

type Unary = (message: object, metadata: Metadata, done: (error: ServiceError | null, reply: Body) => void) => void;
type Dialogue = (metadata: Metadata) => ClientDuplexStream<Body, Body>;
type Streaming = (message: object, metadata: Metadata) => ClientReadableStream<Body>;

/** The client of one service. */
export class GrpcApi {
  readonly #client: Client & Readonly<Record<string, unknown>>;
  readonly #token: string | undefined;

  /** `service` is its whole name, such as `corral.config.v1.Config` in `corral/config/v1/config.proto`. */
  constructor(address: string, file: string, service: string, token?: string) {
    const definition = loadSync(file, { includeDirs: [PROTO_ROOT], longs: Number, defaults: true });
    const found = service
      .split('.')
      .reduce<unknown>((at, name) => (at as GrpcObject)[name], loadPackageDefinition(definition));
    const made = new (found as ServiceClientConstructor)(address, credentials.createInsecure());
    this.#client = made;
    this.#token = token;
  }

  /** The methods of a service. */
  static methodsOf(file: string, service: string): string[] {
    return Object.keys(loadSync(file, { includeDirs: [PROTO_ROOT] })[service] ?? {});
  }

  /** Calls a unary method. @throws ServiceError */
  call(method: string, message: object): Promise<Body> {
    return new Promise((resolve, reject) => {
      (this.#client[method] as Unary).call(this.#client, message, this.#metadata(), (error, reply) => {
        if (error === null) resolve(reply);
        else reject(error);
      });
    });
  }

  /** Sends bytes as they are, as a program could that has another idea of the messages. @throws ServiceError */
  callWithBytes(path: string, bytes: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const asIs = (value: Buffer): Buffer => value;
      this.#client.makeUnaryRequest(path, asIs, asIs, bytes, this.#metadata(), (error, reply) => {
        if (error === null) resolve(reply ?? Buffer.alloc(0));
        else reject(error);
      });
    });
  }

  /** Opens a stream of answers. */
  open(method: string, message: object): GrpcMessages {
    return new GrpcMessages((this.#client[method] as Streaming).call(this.#client, message, this.#metadata()));
  }

  /** Opens a stream of requests and answers. */
  duplex(method: string): GrpcDialogue {
    return new GrpcDialogue((this.#client[method] as Dialogue).call(this.#client, this.#metadata()));
  }

  close(): void {
    this.#client.close();
  }

  #metadata(): Metadata {
    const metadata = new Metadata();
    if (this.#token !== undefined) metadata.set('authorization', `Bearer ${this.#token}`);
    return metadata;
  }
}

/** The answers of a stream, one by one. */
export class GrpcMessages {
  readonly #stream: ClientReadableStream<Body>;
  readonly #messages: Body[] = [];
  readonly #failure: Promise<unknown>;

  constructor(stream: ClientReadableStream<Body>) {
    this.#stream = stream;
    stream.on('data', (message: Body) => this.#messages.push(message));
    this.#failure = new Promise((resolve) => stream.once('error', resolve));
  }

  /** The error that the stream ends with. */
  failure(): Promise<unknown> {
    return this.#failure;
  }

  async next(): Promise<Body> {
    while (this.#messages.length === 0) await once(this.#stream, 'data');
    return this.#messages.shift();
  }

  cancel(): void {
    this.#stream.cancel();
  }
}

/** A stream of requests, and the answers to it. */
export class GrpcDialogue extends GrpcMessages {
  readonly #stream: ClientDuplexStream<Body, Body>;

  constructor(stream: ClientDuplexStream<Body, Body>) {
    super(stream);
    this.#stream = stream;
  }

  write(message: object): void {
    this.#stream.write(message);
  }

  end(): void {
    this.#stream.end();
  }
}

/** The problem document of a failed call. */
export function problemIn(error: unknown): Body {
  const [bytes] = (error as ServiceError).metadata.get('corral-problem-bin');
  return JSON.parse(String(bytes));
}
