import { isIPv4 } from 'node:net';

/** Whether only programs on this machine reach an address. A name is not looked up: what it says may change. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || (isIPv4(address) && address.startsWith('127.'));
}
