/** A platform's HTTP as the tests use it. Every answer that went well is held against the OpenAPI document. */
import { DocumentedAnswers } from './documented-answers.js';

/** A problem document, or whatever else an answer holds. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are looked at field by field, as a program in another language would
export type Body = any;

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** All platforms have the same document; the first that is asked gives it. */
let documented: Promise<DocumentedAnswers> | undefined;

/** One platform, for one caller. */
export class HttpApi {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(base: string, token?: string) {
    this.#base = base;
    this.#headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#send(path, { method: 'GET', headers });
  }

  /** Sends JSON; a text goes as it is. */
  send(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    if (body === undefined) return this.#send(path, { method, headers });
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.#send(path, { method, body: text, headers: { 'Content-Type': 'application/json', ...headers } });
  }

  /** Opens a stream of server-sent events. */
  async events(path: string, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> {
    const aborter = new AbortController();
    const response = await fetch(this.#base + path, {
      headers: { ...this.#headers, ...headers },
      signal: aborter.signal,
    });
    if (!response.ok || response.body === null) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    const answers = await this.#documented();
    const { status } = response;
    const contentType = response.headers.get('Content-Type');
    return new EventReader(response.body, aborter, (body) =>
      answers.check({ method: 'GET', path, status, contentType, body }),
    );
  }

  async #send(path: string, { headers: more, ...request }: RequestInit): Promise<Answer> {
    const response = await fetch(this.#base + path, {
      ...request,
      headers: { ...this.#headers, ...(more as Readonly<Record<string, string>>) },
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const { status, headers } = response;
    const contentType = headers.get('Content-Type');
    const body: unknown = /json/.test(contentType ?? '') ? JSON.parse(text) : text;
    if (response.ok) {
      (await this.#documented()).check({ method: request.method ?? 'GET', path, status, contentType, body });
    }
    return { status, headers, body };
  }

  #documented(): Promise<DocumentedAnswers> {
    return (documented ??= DocumentedAnswers.of(this.#base));
  }
}

/** A server-sent event. */
export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Body;
}

/** Reads events one by one. */
export class EventReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #aborter: AbortController;
  readonly #check: (event: StreamEvent) => void;
  readonly #decoder = new TextDecoder();
  #text = '';

  /** `check` throws when an event is not as it should be. */
  constructor(body: AsyncIterable<Uint8Array>, aborter: AbortController, check: (event: StreamEvent) => void) {
    this.#chunks = body[Symbol.asyncIterator]();
    this.#aborter = aborter;
    this.#check = check;
  }

  /** The next event; `undefined` at the end of the stream. */
  async next(): Promise<StreamEvent | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        const fields: Readonly<Record<string, string>> = Object.fromEntries(
          block.split('\n').map((line) => [line.split(':', 1)[0] ?? '', line.replace(/^[^:]*: ?/, '')]),
        );
        if (fields['data'] !== undefined) {
          const data: unknown = JSON.parse(fields['data']);
          const event = { id: fields['id'] ?? '', event: fields['event'] ?? '', data };
          this.#check(event);
          return event;
        }
        continue;
      }
      const { value, done } = await this.#chunks.next();
      if (done === true) return undefined;
      this.#text += this.#decoder.decode(value, { stream: true });
    }
  }

  close(): void {
    this.#aborter.abort();
  }
}
