import { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import { type GrpcOptions, ServerGrpc } from '@nestjs/microservices';

/** Nest's gRPC transport, that also tells which port it got. */
export class GrpcTransport extends ServerGrpc {
  readonly #url: string;
  readonly #channelOptions: Readonly<Record<string, number>>;
  #port: number | undefined;

  constructor(options: GrpcOptions['options'] & { url: string }, channelOptions: Readonly<Record<string, number>>) {
    super(options);
    this.#url = options.url;
    this.#channelOptions = channelOptions;
  }

  /** Known once it listens. */
  get port(): number | undefined {
    return this.#port;
  }

  override async createClient(): Promise<GrpcServer> {
    const server = new GrpcServer(this.#channelOptions);
    this.#port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(this.#url, ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) resolve(port);
        else reject(new GrpcBindError(this.#url, { cause: error }));
      });
    });
    return server;
  }
}

/** The gRPC port cannot be had. */
export class GrpcBindError extends Error {
  override readonly name = 'GrpcBindError';

  constructor(url: string, options: ErrorOptions) {
    super(`${url} cannot be listened on: another program does, or it is no address of this machine`, options);
  }
}
