import { logVerbosity, Server as GrpcServer, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
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
    // What it cannot do it says by errors; its own lines on standard error would say it a second time.
    setLogVerbosity(logVerbosity.NONE);
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

  /** What the system refused, in the form of its errors; grpc-js has it in words only. */
  readonly fault: { readonly code: string | undefined; readonly path: string };

  constructor(url: string, options: { readonly cause: Error }) {
    super(`${url} cannot be listened on: another program does, or it is no address of this machine`, options);
    this.fault = { code: /\bE[A-Z]{3,}\b/.exec(options.cause.message)?.[0], path: url };
  }
}
