import type { ClientChannel, ClientHandler, StatusSource } from '@corral/member';

/** A member as the server around it sees it, alone or one of many. */
export interface ServedMember {
  readonly status: StatusSource;
  /** Whether clients are served at the moment. */
  readonly isServing: boolean;
  readonly requestsReceived: number;
  open(channel: ClientChannel): ClientHandler;
  /** Lets time pass; every fifth of a second or so. */
  tick(): void;
  /** Answers what is under way, ends everything, and closes the files. */
  stop(): Promise<void>;
}
